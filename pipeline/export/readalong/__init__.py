"""Read-along output: an EPUB with media overlays, and a folder with a player page.

Both show the text of a book phrase by phrase, and light each phrase while it is spoken. Phrases and
their times are those of the captions (`export.captions`). `phrases` makes the text from the cues,
`chapter_audio` records a file for each chapter, and `epub` and `web` write the two outputs.
`publication` describes the files of a folder as a W3C audiobook.
"""
