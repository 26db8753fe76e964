"""Tags, chapter marks and cover of a finished file."""
