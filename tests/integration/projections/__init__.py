"""The projections on a real database."""
