"""Text normalisation: markup is removed, figures, abbreviations and symbols are put into words.

`normaliser.normalise` is the only entry point for a whole text. Each other module handles one kind
of token with a table of rewrite rules (`rules`) and a function `verbalise`; `markup` is the part
that serves every language. English has full rules, other languages only those that cannot be wrong.
"""
