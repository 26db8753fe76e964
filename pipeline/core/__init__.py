"""Infrastructure that knows nothing of books: errors, messages, cache, output, workers, ffmpeg.

- An expected failure is a `PipelineError` that names what, where and what to do; `cli.run` is the
  one handler. The exceptions of a library are mapped where the library is called.
- A file appears by one `os.replace` (`atomic`); an output also has a lock, so that two commands
  cannot write it at once (`output`).
- Cached content carries a checksum that is verified on reading (`cache`). Its key contains a
  fingerprint of the code that can change it, and of no other code (`fingerprint`).
- Workers are spawned processes that return their results; the parent alone writes
  (`process_pool`). A cluster implements the same `Workers` interface in `synthesis.cluster`.
"""
