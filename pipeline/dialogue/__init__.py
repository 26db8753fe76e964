"""From a book to its script: quotations, characters, who speaks, and how."""
