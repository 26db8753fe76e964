"""From text and a voice to a clip: normalisation, lexicon, segmentation, engines."""
