"""The passage with which voices are measured: their loudness, pace and voiceprint.

It is the same for every voice, so that measurements compare. Measured figures depend on it
(`PACE_WORDS`, the paces in the engines, `data/voiceprints.json`), and so do clip keys: it must not
change unless all of them are measured again.
"""

PASSAGE = (
    "The rain had stopped before dawn, and the whole street smelled of wet stone and new bread.",
    "Somewhere a door opened; a dog barked twice, thought better of it, and went back to sleep.",
    "Who would be first to speak? Nobody knew, and for a long while nobody seemed to mind.",
)
"""Sentences of even level and varied sounds, long enough for a gated loudness meter."""

PACE_PASSAGE = (PASSAGE[0], PASSAGE[2])
"""The sentences with which an engine measures the native pace of a voice."""
PACE_WORDS = 28.2
"""Length of `PACE_PASSAGE` in words, so that a rate means the same with every engine: at 165 words
per minute eSpeak NG's `gmw/en` takes 28.2 * 60 / 165 seconds for it, silence at the ends aside."""
