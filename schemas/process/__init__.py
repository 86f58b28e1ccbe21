"""What every process does alike. `start.py` has the order in which a process starts and ends.

Each concern has one module: `settings`, `logs`, `log_context`, `telemetry`, `metrics`, `kafka` (clients), `database`
(pools), `database_away` (which errors mean an outage), `heartbeat` and `liveness`, `ending`, `rounds` (loops).
"""
