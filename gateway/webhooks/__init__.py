"""What a webhook may be: which addresses it may have, and which events it can ask for."""
