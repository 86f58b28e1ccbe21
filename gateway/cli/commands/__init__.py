"""The commands, one file a subject. Each has `register(app)`."""
