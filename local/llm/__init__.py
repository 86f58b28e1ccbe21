"""A stand-in for a chat server: OpenAI-compatible, deterministic, needs no key, and misbehaves on request."""
