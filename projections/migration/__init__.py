"""The parts of `projections.migrate`: what a database has, which functions it gets, one transaction at a time."""
