"""PDF with a text layer: `extraction` gets lines with their places on the page from PDFium.

`furniture` drops what is printed on every page, `layout` makes paragraphs and headings of the rest
by their geometry, and `reading` divides them into sections like those of a page of HTML.
"""
