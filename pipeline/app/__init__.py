"""Use cases: what each command does, without the terminal.

`render` is the whole flow: a session opens the output, threads and workers (`session`), the book
gets its cast and script (`preparation`), the recording is planned (`plan`) and carried out. A dry
run prints the same plan. `audition`, `pronunciations` and `verification` stand on the same steps.

- An edit costs an edit. Attributions are cached by chapter, clips by their text and voice, encoded
  parts by everything that determines their PCM; a plan knows what is cached before anything is
  spoken.
- The render is batch work to the operating system: audio passes through many threads and
  processes, and whichever is woken waits for its turn instead of preempting another.
- Memory does not grow with the book. The text, the reasons for each speaker and the candidates are
  dropped before the recording starts.
"""
