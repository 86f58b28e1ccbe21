"""Breaks the whole system on purpose under load, and judges the result: `python -m local.chaos`."""
