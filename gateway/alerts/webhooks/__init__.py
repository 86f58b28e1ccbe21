"""Sends events of plans and tasks to customers' webhooks: taken from the history, queued, signed and sent."""
