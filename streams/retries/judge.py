"""Decide whether an arriving record counts, for every consumer group that keeps records back. Pure."""

from __future__ import annotations

from enum import Enum, auto

from streams.retries.arrival import Arrival
from streams.retries.order import Parked


class Verdict(Enum):
    """The relation of a copy to the index's row of its record."""

    #: It comes for the first time: nobody has parked or replayed it, and no row is to be closed.
    FRESH = auto()
    #: The copy that counts of a record that has waited: it is handled, and its end is noted.
    CURRENT = auto()
    #: A later copy counts. Nobody knows whether the process that saved its row came to sending it.
    SUPERSEDED = auto()
    #: The record is done or given up, and was not replayed since.
    ENDED = auto()


def judge(arrival: Arrival, row: Parked | None) -> Verdict:
    """Judge a record against its row (None: it has none, as far as is known).

    A row of another key at the same place is of a log that was made anew since and counts from 0 again: it says nothing
    of a record that comes from that place for the first time.
    """
    if row is not None and row.key != arrival.key and not arrival.comes_again:
        return Verdict.FRESH
    if row is None:
        return Verdict.CURRENT if arrival.comes_again else Verdict.FRESH
    if row.state != "waiting":
        return Verdict.ENDED if arrival.replay <= row.replay else Verdict.CURRENT
    return Verdict.SUPERSEDED if arrival.generation < row.generation else Verdict.CURRENT
