"""Tags, chapters and cover of a finished audio file, as players and libraries read them.

`values` holds what is written, whatever the container; `tagging` picks the container by the
file's suffix; `mp4`, `id3` and `vorbis` know one kind of tag each.

Every container gets the same: title and album are the book's title, artist is the author alone,
composer is the narrator. Authors are one value without a comma in any name, since some readers
split artists at commas (`pipeline.model.authors`).
"""
