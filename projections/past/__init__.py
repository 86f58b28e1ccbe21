"""A plan as it was at any event of its history."""
