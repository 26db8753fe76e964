"""Training and evaluation of the learned ranker; not part of the package that is shipped.

`python -m training CORPUS_DIR` trains on annotated novels and writes the model file;
`--cross-validate` also evaluates, with folds that share no author. `training.voiceprints` measures
the voices of the engines installed.
"""
