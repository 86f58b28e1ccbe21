"""The faults. Each is a function of the scene that causes it, lets it last, and ends it."""
