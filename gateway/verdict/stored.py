"""A finding as JSON, for who keeps it, and back: it is said in the reader's language then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from gateway.verdict.finding import Finding, Scalar
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.traits import Value

_MOMENTS: Final = frozenset({Value.MOMENT, Value.UNTIL})


def to_json(finding: Finding) -> dict[str, Any]:
    """Return a finding's kind, subject, since and values."""
    values = {name: _plain(value) for name, value in finding.values.items()}
    return {"kind": str(finding.kind), "subject": finding.subject, "since": _plain(finding.since), "values": values}


def from_json(data: Mapping[str, Any]) -> Finding | None:
    """Return the finding; None where another version wrote it, with a kind or values that this one does not know."""
    try:
        kind = Kind(data["kind"])
        types, values = TRAITS[kind].values, data["values"]
        read: dict[str, Scalar] = {name: _read(value, types[name]) for name, value in values.items()}
        since = data["since"]
        return Finding(kind, read, None if since is None else datetime.fromisoformat(since), data["subject"])
    except (KeyError, TypeError, ValueError):
        return None


def _plain(value: Scalar) -> str | int | float | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(value: Any, kind: Value) -> Scalar:
    if kind in _MOMENTS and value is not None:
        return datetime.fromisoformat(value)
    if kind in (Value.SECONDS, Value.AGE, Value.AGO):
        return float(value)
    read: Scalar = value
    return read
