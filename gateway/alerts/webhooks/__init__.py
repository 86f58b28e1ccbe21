"""Events of plans and tasks, told to customers' webhooks: taken from the history, queued, signed and sent."""
