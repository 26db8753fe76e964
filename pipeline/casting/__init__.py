"""From a script to a cast: `voices.yaml`, automatic casting and voice similarity.

- `voices_file` reads and extends the producer's file; `discovery` adds the characters of a book.
- `auto_casting` chooses a voice for each role that names none, from `candidates`, by `similarity`;
  `casting_cache` remembers the choice, so that editing the cast changes no other role's voice.
- `presence` compares a cast with the book it is for: is anybody in it, is a speaker missing.
- `lookalikes` and `unused_lexicon` are warnings about a cast; `speaker_names` matches the names in
  a script with it.

A voice is compared by its voiceprint: measured once for the known voices (`data/voiceprints.json`),
computed for their settings, and by `voiceprint` for all others. Nothing is synthesised to cast a
role.
"""
