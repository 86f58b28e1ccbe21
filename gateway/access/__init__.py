"""Who is asking, and may they: API keys, browser sessions, roles, CSRF tokens."""
