"""Identify the caller and check what they may do: API keys, sign-ins, roles, CSRF tokens."""
