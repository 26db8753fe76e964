"""A book of two people who take turns, for tests of what corrects it."""

TALK = """Chapter 1. The Pier

Mara and Tom were on the pier, and the ferry was late again.

"We could walk."

"We could not."

"It is only as far as the mill."

"You said that on Monday."

Chapter 2. The Mill

"Here it is," said Mara. "And it is shut."
"""
