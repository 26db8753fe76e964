"""How words are pronounced."""
