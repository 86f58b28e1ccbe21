"""Measures the system: `make bench` for speed beside other systems, `make evaluate` for reading and rules."""
