"""Training and measuring the learned ranker of speakers. Not part of the package that is shipped.

`python -m training CORPUS_DIR` trains on annotated novels and writes the model's data file;
`--cross-validate` measures, with folds that share no author.
"""
