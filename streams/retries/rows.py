"""Waiting records as rows of the index in Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from schemas import headers as h
from streams.retries.order import Parked


def columns_of(rows: Sequence[Parked]) -> list[list[Any]]:
    """Return rows as columns, as the statements of the index take them."""
    return [
        list(column)
        for column in zip(
            *(
                (
                    r.record_id,
                    r.group,
                    r.key,
                    r.orig_topic,
                    r.orig_partition,
                    r.orig_offset,
                    r.tier,
                    r.replay,
                    r.attempt,
                    r.type,
                    r.code,
                    r.error_class,
                    r.message,
                    r.behind,
                    datetime.fromtimestamp(r.due_ms / 1000, UTC),
                    datetime.fromtimestamp(r.since_ms / 1000, UTC),
                    r.value,
                    orjson.dumps(h.to_json(r.headers)).decode(),
                    r.traceparent,
                )
                for r in rows
            ),
            strict=True,
        )
    ]


def without_bytes(row: asyncpg.Record) -> Parked:
    """Return a waiting record without its bytes and headers."""
    return Parked(
        row["record_id"],
        row["grp"],
        row["key"],
        row["orig_topic"],
        row["orig_partition"],
        row["orig_offset"],
        row["tier"],
        row["replay"],
        row["attempt"],
        row["type"],
        row["code"],
        row["error_class"],
        row["message"],
        row["behind"],
        row["due_ms"],
        row["since_ms"],
        row["state"],
        traceparent=row["traceparent"],
    )


def whole(row: asyncpg.Record) -> Parked:
    """Return a waiting record with its bytes and headers."""
    return replace(without_bytes(row), value=row["value"], headers=h.from_json(orjson.loads(row["headers"])))
