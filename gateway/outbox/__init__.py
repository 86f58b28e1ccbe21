"""The relay: publishes the outbox in order, and sets aside events that cannot be published."""
