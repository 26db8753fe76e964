"""Character identification: the people in a book, with aliases and gender.

`identification` is the entry point. `name_recognition` finds names by their capitals, `name_forms`
counts the evidence for each form of a name, `person_filter` keeps the forms that name people, and
`alias_resolution` merges those of one person. Unnamed speakers and the first-person narrator follow
from dialogue tags and vocatives.
"""
