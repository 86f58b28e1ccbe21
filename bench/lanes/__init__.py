"""`python -m bench priority`: what a flood of low-priority plans costs high-priority ones."""
