"""Who is asking, and may they: API keys, sign-ins, roles, CSRF tokens."""
