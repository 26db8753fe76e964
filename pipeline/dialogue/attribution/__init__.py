"""Quotation attribution: who speaks each line of a book."""
