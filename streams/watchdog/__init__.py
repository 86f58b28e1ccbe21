"""The watchdog: sees a missed deadline, finds the cause, starts the recovery that fits, and records what came of it."""
