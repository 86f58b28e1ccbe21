"""The read model of what changed between two documents, and of what became of opportunities."""
