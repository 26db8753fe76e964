"""Time and memory, as ratios measured side by side in one run: `make bench BOOK=novel.txt`.

`python -m benchmarks` measures against the goals; each other module measures one thing and runs by
itself, too. `make bench BOOK=novel.txt BASE=../other` compares this checkout with another.
"""
