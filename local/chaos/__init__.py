"""Faults on purpose against the whole system under load, and what became of it: `python -m local.chaos`."""
