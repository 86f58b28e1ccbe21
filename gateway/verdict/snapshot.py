"""The snapshot that the verdict judges: the figures of the system at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from gateway.outbox.state import RelayState
from projections.reads.operations import Operations
from projections.reads.overview import DECISION_DUE_S, Overview
from projections.reads.sessions import TRANSACTION_DUE_S, Transaction

#: Sessions that were ended within so long are told as one.
SESSIONS_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`database`: hangs where it takes a connection and what is asked is not answered in time; then nothing was read.

    `relay`: how this gateway's is, failing for `relay_failing_s`; `reaches_broker`: None where it asks no broker.
    `refused`: why the database did not store a command just now, "" where it did. `unheard_s`: for how long this
    gateway has heard of no changes, 0 while it does. `database_limit`: bytes that the database may take, where
    somebody said it. `decision_due_s`: after so long a plan waits too long for a person.
    `sessions_ended`: how many sessions of the database somebody ended within the last `SESSIONS_WITHIN_S`.
    `unsigned`: what is done about signatures where they are not required. `unconfined`: what this machine does not
    grant to confine the reading of documents. `transactions`: those that keep vacuum from its work; one that is open
    for longer than `transaction_due_s` is told. `pool_full_s`: for so long a gateway's requests wait for a connection.
    `unanswered`: which question a database that hangs did not answer, "" where it is not known.
    """

    as_of: datetime
    database: Literal["answers", "hangs", "away"]
    database_s: float
    relay: RelayState
    relay_failing_s: float = 0.0
    reaches_broker: bool | None = None
    refused: str = ""
    unheard_s: float = 0.0
    database_limit: int | None = None
    overview: Overview | None = None
    operations: Operations = field(default_factory=Operations)
    decision_due_s: float = DECISION_DUE_S
    unsigned: str = ""
    unconfined: str = ""
    sessions_ended: int = 0
    transactions: tuple[Transaction, ...] = ()
    transaction_due_s: float = TRANSACTION_DUE_S
    pool_full_s: float = 0.0
    unanswered: str = ""
