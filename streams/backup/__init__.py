"""A backup of the whole system, and its way back: the database, the log, the registry, as they were at one moment."""
