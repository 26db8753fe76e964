"""Repair a converted text before it is read: its characters, pages, hyphens and note marks.

Each repair is a function from a text to edits (`edits.Edit`): what in the text becomes what.
`pipeline.repaired` applies them one after the other and keeps the maps back to the file.
"""
