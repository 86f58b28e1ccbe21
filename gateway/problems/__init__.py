"""Refusals: every error of the API as application/problem+json. `kinds.py` lists them with status and meaning."""
