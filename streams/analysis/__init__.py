"""From an uploaded plan to its analysis: `handler.py` requests it, `work.py` makes it, `merge.py` writes the plan.

`channel.py` chooses who analyses a channel: an agent (`agents`), or the documented rules (`rules`). `proof` compares
a document with the one before it.
"""
