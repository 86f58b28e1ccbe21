"""What changed between two documents of a channel, and what became of an earlier plan's opportunities. Pure."""
