"""Documents of word processors: DOCX, ODT and RTF, converted to HTML by pandoc.

Pandoc gets a document that is made here of the parts that have text, after they were parsed and
cleaned of what is not read; what comes back goes through the same extraction as any page.
"""
