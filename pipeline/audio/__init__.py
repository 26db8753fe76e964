"""PCM as NumPy arrays and bytes: clip editing, block buffering, loudness metering, WAV files.

Clips are mono, signed 16-bit. Streams are processed piece by piece, so memory does not grow with
their length, and the result never depends on how a stream was cut into pieces.
"""
