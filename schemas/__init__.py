"""The contract between the processes: topics, events, lifecycle, database. It imports no other package.

- `lifecycle.py`: every status, action and rule of a command. `database/functions/decide/run.sql` applies the rules.
- `avro/<event>.v<n>.avsc`: the schema of each event; `examples/`: golden files; `typed/`: Python types made of avro.
- `topics.toml`: topics, retention, partitions, consumer groups.
- `database/`: tables, functions and migrations.
- `process/`: what every process does alike, such as start, logs, Kafka clients and pools.
"""
