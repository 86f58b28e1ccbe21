"""`python -m projections.verify`: compares the log with the read models, and reports each difference."""
