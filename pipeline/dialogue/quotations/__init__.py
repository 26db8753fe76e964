"""Quotation detection: split the prose of a book into spans of narration and speech.

`splitting` is the entry point. It unwraps the text, detects which marks each chapter uses, assigns
each mark a cost as an opening and as a closing one, and finds the cheapest pairing of a whole
scene, so that a missing mark affects only its own paragraph. Quotations that no character says
aloud (scare quotes, letters, unspoken words, reported speech) become narration.
"""
