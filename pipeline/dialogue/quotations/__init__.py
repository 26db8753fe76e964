"""The prose of a book as spans of narration and speech."""
