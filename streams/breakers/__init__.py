"""Circuit breakers, one state for all processes: it is kept in Postgres, and each change of it is an event."""
