"""The proof page: a book by eye and ear, its doubts first, corrected in the browser."""
