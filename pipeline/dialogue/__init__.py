"""Dialogue analysis: from a book to its script.

`quotations` finds the speeches, `characters` the people, `attribution` the speaker of each speech,
and `delivery` how it is said; `spoken_script` runs the last two. `script_cache` and
`identification_cache` keep the results for the next run.
"""
