"""From an approved plan to Phase 1 and its tasks: one pure handler."""
