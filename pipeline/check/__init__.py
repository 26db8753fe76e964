"""Finished files against delivery specs, and clips against their text."""
