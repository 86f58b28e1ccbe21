"""The actions of operators and admins: dead letters, retries, breakers, alerts, people, keys, health.

Each is audited.
"""
