"""Text normalisation: figures and abbreviations into words."""
