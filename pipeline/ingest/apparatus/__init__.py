"""What a text has besides its story, found by its words alone: contents, notes, copyright, index.

Markup says of most of this what it is; plain text, and what was converted from it, does not.
"""
