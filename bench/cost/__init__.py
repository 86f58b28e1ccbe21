"""What work costs: processor time of processes, statements in Postgres, requests to the broker."""
