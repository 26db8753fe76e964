"""Clips to PCM and cues: the mixer, room tone, limiter prediction, silence detection.

A script is split into parts that are mixed and encoded independently, so an edit re-encodes one
part. Every cue counts frames of the PCM that was mixed, never rounded or probed durations.
"""
