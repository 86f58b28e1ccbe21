"""Builds the read models again from the log, beside the live ones, and swaps them in without a pause for readers."""
