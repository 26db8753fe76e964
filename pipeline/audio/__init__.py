"""PCM: edited clip by clip, cut into blocks, and its loudness measured."""
