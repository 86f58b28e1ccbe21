"""Another region takes over: `python -m streams.takeover`, once its Postgres is promoted (docs/regions.md)."""
