"""Quotation attribution: who speaks each line of a book.

The flow: spans of narration and speech are analysed (`narration`, `addressees`, `dialogue_tags`)
and joined into turns (`turns`, `analysed_book`). `evidence` names the signs for and against each
candidate, with pronouns resolved by `salience`; `log_linear` weighs them, and `conversation` adds
how people take turns. The ranker (`features`, `boosted_trees`, `ranking`) then scores the
candidates in two passes, the `conversation_network` corrects what each leaves, and `decisions`
names the speaker, the confidence and the reasons. `speaker_model` holds what was trained.
`attribute.attribute` is the way in.

Decisions that apply here:

- Characters are indices in the cast. NOBODY is a candidate like the others.
- It runs with numpy alone, a few seconds a novel: no downloads, no parser, no language model.
- Everything is deterministic: the order of evidence and features decides the last digits.
"""
