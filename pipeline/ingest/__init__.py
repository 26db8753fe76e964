"""From a file to a book: one module a format."""
