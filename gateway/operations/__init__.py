"""What operators and admins ask: dead letters, retries, breakers, alerts, people, keys, health. Audited."""
