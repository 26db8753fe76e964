"""Pronunciation: the lexicon of voices.yaml, rare words of a book, and phonemes by eSpeak NG.

An entry is a respelling (`AR-kum`) that every engine reads, or IPA between slashes
(`/hɜːˈmaɪəni/`) for voices that accept phonemes; these receive it as `[[hɜːˈmaɪəni]]`.
"""
