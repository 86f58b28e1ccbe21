"""From events to the rows that people see: `python -m projections`.

Each read model has a room with `projection.py` (event -> row, pure), `rows.py` (the row's columns), `queries.sql` (the
statements) and `reads.py` (what pages and API read). `run` is the process; `migrate` applies `schemas/database`.
"""
