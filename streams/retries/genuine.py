"""Copies that wait for another attempt are taken for what they say only where a process of ours has made them."""

from __future__ import annotations

from dataclasses import replace

import structlog

from schemas.belief import Belief, UntilUnknown, without_claims
from streams.broker.records import Incoming

log = structlog.get_logger("belief")


def genuine(belief: Belief, record: Incoming) -> Incoming:
    """Return the record; where its x-* headers are not of our making, as one that first came where it is.

    Else anybody could end the wait of a record of ours, or begin another one, by a copy that claims its place.
    """
    try:
        if belief.is_genuine(record):
            return record
    except UntilUnknown:
        return record  # the event itself is asked for its signature, and waits where that cannot be told
    log.error("a copy is not of our making", topic=record.topic, partition=record.partition, offset=record.offset)
    return replace(record, headers=without_claims(record.headers))
