"""Read a source file into a `Book`: its text, its chapters and its metadata.

`reader.read` is the one way in: it picks the format, of which each has a module (`plain_text`,
`fountain`). A book keeps the text as the file has it, so that every offset is one into the file;
whatever is not to be read aloud (front matter, licences, scene breaks) is left out of the
paragraphs, never out of the text. A format that holds the lines of a script sets `Book.script`,
so nobody asks later what kind of file it was.
"""
