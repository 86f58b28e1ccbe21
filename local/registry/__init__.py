"""A schema registry for one machine: the part of Confluent's REST API that producers, consumers and rpk use.

Kept in the Postgres schema `registry`, which it makes itself. Avro only.
"""
