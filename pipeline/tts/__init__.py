"""Text to speech: a line's text and a `Voice` become utterances, and an utterance a `Clip`.

- `normalisation`: figures, abbreviations, symbols and markup into words.
- `lexicon`: pronunciations of voices.yaml, rare words, phonemes.
- `segmentation`: sentences, and the utterances of a line.
- `engines`: the `Engine` protocol, the engines, and `registry`, through which they are used.
- `download`: installs voices; nothing else ever downloads.
- `calibration`: the passage with which every voice is measured.

Every engine receives the same normalised text, and that text is part of a clip's key: a change to
normalisation or segmentation re-synthesises the utterances that it changes. Captions and scripts
keep the text of the book.
"""
