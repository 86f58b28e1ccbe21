"""Plans and the results of their channels. Pure: event -> rows for queries.sql beside this file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from projections.rows import Recorded, Row, at

#: event type -> status of the plan after it
_ENDS: Final = {"plan.rejected": "rejected", "plan.cancelled": "cancelled"}


def project(recorded: Recorded) -> Iterable[Row]:
    """Yield the rows that an event changes."""
    e = recorded.event
    d = e.data
    when = recorded.recorded_at
    match e.type:
        case "plan.uploaded":
            yield Row(
                "plan_uploaded",
                d["plan_id"],
                e.version,
                (
                    d["plan_id"],
                    e.version,
                    d["title"],
                    d["filename"],
                    d["media_type"],
                    d["size_bytes"],
                    d["sha256"],
                    d["document_id"],
                    _json(d["channels"]),
                    d["priority"],
                    e.actor,
                    at(e.occurred_at),
                    recorded.trace_id,
                    when,
                ),
            )
        case "plan.channel.analyzed":
            yield Row("channel_ended", f"{d['plan_id']}.{d['channel']}", e.version, _analyzed(recorded))
        case "plan.channel.failed":
            yield Row(
                "channel_ended",
                f"{d['plan_id']}.{d['channel']}",
                e.version,
                (
                    d["plan_id"],
                    d["channel"],
                    e.version,
                    "failed",
                    "",
                    "",
                    "",
                    "[]",
                    "[]",
                    "[]",
                    "[]",
                    d["code"],
                    d["reason"],
                    when,
                ),
            )
        case "plan.analyzed":
            yield Row(
                "plan_analyzed",
                d["plan_id"],
                e.version,
                (
                    d["plan_id"],
                    e.version,
                    d["partial"],
                    _json(d["channels"]),
                    _json(d["opportunities"]),
                    _json(d["phases"]),
                    when,
                ),
            )
        case "plan.approved":
            yield Row(
                "plan_decided",
                d["plan_id"],
                e.version,
                (d["plan_id"], e.version, "approved", d["reason"], e.actor, at(e.occurred_at), None, when),
            )
        case "plan.rejected" | "plan.cancelled":
            yield Row(
                "plan_decided",
                d["plan_id"],
                e.version,
                (d["plan_id"], e.version, _ENDS[e.type], d["reason"], e.actor, at(e.occurred_at), when, when),
            )
        case "plan.phase1.created":
            yield Row(
                "plan_phase1",
                d["plan_id"],
                e.version,
                (d["plan_id"], e.version, _json(_without(d, "plan_id")), when, when),
            )
        case "plan.completed":
            yield Row("plan_completed", d["plan_id"], e.version, (d["plan_id"], e.version, when, when))
        case _:
            return


def _analyzed(recorded: Recorded) -> tuple[Any, ...]:
    d = recorded.event.data
    return (
        d["plan_id"],
        d["channel"],
        recorded.event.version,
        "analyzed",
        d["source"],
        d["model"],
        d["summary"],
        _json(d["opportunities"]),
        _json(d["phases"]),
        _json(d["repairs"]),
        _json(d["limits"]),
        "",
        "",
        recorded.recorded_at,
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _without(data: Any, name: str) -> dict[str, Any]:
    return {k: v for k, v in data.items() if k != name}
