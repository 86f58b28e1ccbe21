"""The process that projects: reads records, maps them to rows, and writes rows and offsets in one transaction.

`runner.py` is the loop. `leases.py` decides which process has which partition. `degraded.py` reads the outbox while
the broker is away.
"""
