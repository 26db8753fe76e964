"""What makes the documents that show the program: the reference, the recording, the sample.

`make reference`, `make recording` and `make sample` run them; nothing here is part of the package.
"""
