"""The feature flags that an operator switches off and on. Each is a row of `flow.flag`, made with the tables.

What is said of a flag before people stands beside the words of the pages and of the command line, keyed by these names.
"""

from __future__ import annotations

from enum import StrEnum


class Flag(StrEnum):
    """A feature that can be off. The order is the one in which people see them."""

    #: Workers and runners take records. Off: what waits in the topics waits on.
    QUEUE_PROCESSING = "queue_processing"
    #: Open breakers hold calls back. Off: failing agents are called again and again.
    CIRCUIT_BREAKER = "circuit_breaker"
    #: The watchdog recovers stalled plans and ends deaf processes. Off: it only says what it finds.
    AUTOMATIC_RECOVERY = "automatic_recovery"
