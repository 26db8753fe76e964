"""Read EPUB 2 and 3.

`archive` opens the ZIP file without trusting it, `package` reads metadata and reading order,
`navigation` the table of contents, `splitting` finds the sections, and `reading` makes the book.
"""
