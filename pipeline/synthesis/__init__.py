"""Script and cast to clips: takes, clip cache, voice levels, synthesis here or on a cluster.

A take is one utterance in one voice; its key, and so its place in the cache, depends on nothing
but engine, voice settings and text. Gain and pauses belong to the mix, so renaming a character or
changing a volume triggers no re-synthesis. Workers only synthesise and return audio; this process
alone writes.
"""
