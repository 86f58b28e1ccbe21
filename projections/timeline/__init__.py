"""The read model of a plan's history, event by event."""
