"""Alerts send findings of the verdict to people outside of the system, and a recovery notice once each is over."""
