"""HTML and XHTML: parsed without trusting it, and reduced to blocks of text.

`extraction` is the one place that knows what a browser would show of a page; EPUB, HTML and
Markdown all go through it. `sectioning` divides blocks into sections by their headings, `unread`
knows which sections are not read aloud, and `assembly` makes a book of them.
"""
