"""voices.yaml: loaded with all mistakes reported at once, extended without touching other lines.

The file is written by hand. Loading therefore starts from YAML's nodes, which have a line and the
text as written, and new characters are inserted instead of rewriting the file.
"""
