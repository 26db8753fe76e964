"""voices.yaml: read with all mistakes reported at once, edited without losing a comment."""
