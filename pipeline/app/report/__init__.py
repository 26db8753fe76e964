"""Figures about a book: who speaks when and with whom, how long chapters are, where doubts are."""
