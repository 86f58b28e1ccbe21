"""What a handler is: `handler.py`. `faults.py` makes handlers fail on purpose, for drills."""
