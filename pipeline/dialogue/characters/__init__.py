"""Character identification: who is in a book, with aliases and gender."""
