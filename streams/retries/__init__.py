"""What happens to a record that failed: the ladder of delay topics, the order of a plan, the index of parked records.

`ladder.py` chooses the next topic. `streams/settings.py` sets the delays. `schemas/topics.toml` declares the topics.
"""
