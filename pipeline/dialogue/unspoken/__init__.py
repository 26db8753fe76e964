"""What characters think or write, for a cast in which they read it themselves.

`thoughts` and `messages` find the passages, `authorship` who thinks or wrote them, and
`reassignment` gives them to these characters in a script whose speeches are attributed already.
"""
