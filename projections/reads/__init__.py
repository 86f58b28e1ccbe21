"""The read door: typed reads of the read models, for the gateway and the command line.

Every function takes an asyncpg connection or pool and returns frozen dataclasses. JSON that agents and people wrote
(opportunities, phases, event data) comes back as plain Python data, in the names of `schemas/plan.py`.
"""
