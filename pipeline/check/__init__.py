"""Checks: finished files against delivery specs, and clips against their text.

Files: `report` measures any audio file, made by fullcast or not, and applies `rules`. Clips:
`alignment` aligns a clip with its text, and `word_coverage` decides whether it may be defective.
"""
