"""Deletes a plan's deadline when an event of the log meets it."""
