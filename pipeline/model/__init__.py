"""The nouns that all other packages share: frozen dataclasses without I/O.

`Book` (text, chapters, paragraphs, metadata), `Script` (its lines with their speakers), `Cast`
(roles, voices, pauses, lexicon), `Clip` (audio of one utterance), `Cue` (a line on the timeline),
`ChapterMark` and `DeliverySpec`.

Positions in text are character offsets into `Book.text`. Positions in audio are counted in frames
of what was written, never summed from rounded milliseconds.
"""
