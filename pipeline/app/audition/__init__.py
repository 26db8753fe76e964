"""Samples of each role, so that casting is done by ear."""
