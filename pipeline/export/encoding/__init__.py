"""Encoders, and the MP4 container."""
