"""The read model of tasks and their comments. A new column of a task begins in `rows.py` and ends in `reads.py`."""
