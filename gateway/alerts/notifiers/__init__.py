"""Notifiers send messages out of the system: one file for each kind of receiver."""
