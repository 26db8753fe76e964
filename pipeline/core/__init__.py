"""Infrastructure that knows nothing of books: errors, caches, outputs, processes, ffmpeg.

- Expected failures have one base class, `errors.PipelineError`; a library's exceptions are mapped
  to it where the library is called.
- Cached files are named after the SHA-256 of everything that decides their content (`cache`,
  `fingerprint`) and replaced atomically (`atomic`), so commands share a cache without locks. An
  output is written by one command at a time and is complete or absent (`output`).
- Synthesis runs in processes, since engines are not thread-safe and may crash or hang
  (`process_pool`). They return audio; only the parent writes files.
"""
