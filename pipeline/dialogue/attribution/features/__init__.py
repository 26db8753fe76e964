"""Features of the learned ranker: what it knows of each candidate of a turn, as numbers.

`table.GROUPS` lists the groups of features; both the names and the values come from it. Their
order is part of the trained model (`data/speakers.json`), so changing it means training again.

Distances in text are natural logarithms of characters, shares and probabilities lie between 0 and
1, and -1 mostly stands for a value that does not exist.
"""
