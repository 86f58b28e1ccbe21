"""Commands to plans and tasks. `deciding.py` is the one write door, for API and pages; the database decides."""
