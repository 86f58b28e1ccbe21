"""Runs the whole system on one machine, without Docker.

A real Kafka broker, a real PostgreSQL, a schema registry and every service, started and supervised by
`python -m local up`. Nothing outside this package (and the tests and benchmarks) imports it.
"""
