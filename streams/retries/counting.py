"""Counts the outcomes of failed attempts."""

from __future__ import annotations

from schemas import metrics as measured
from schemas.process import metrics
from schemas.topics import AGENTS_DLQ


def count_failed(topic: str, goes_to: str) -> None:
    """Count a failed attempt at a record of a topic, by where it goes: to a tier of retries, or to the dead letters."""
    given_up = goes_to == AGENTS_DLQ
    metrics.count(measured.RECORDS, topic, "dead" if given_up else "retried")
    if not given_up:
        metrics.count(measured.RETRIED, goes_to)
