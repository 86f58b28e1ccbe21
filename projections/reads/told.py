"""Read columns of channels and of Phase 1 from the event in the history that their row names, in SQL."""

from __future__ import annotations

from typing import Final

#: Columns of a channel that its event says in fields of these names. Which agents failed, and their calls, stay in the
#: row: what failed lately is counted by them.
OF_CHANNEL: Final = {
    "summary": "summary",
    "repairs": "repairs",
    "limits": "limits",
    "checks": "checks",
}
_CHANNEL: Final = """(select h.data from {history} h where h.plan_id = {of}.plan_id
    and h.stream = 'plan-' || {of}.plan_id || '.' || {of}.channel and h.version = {of}.told_by)"""
_PHASE1: Final = """(select h.data from {history} h where h.plan_id = {of}.plan_id
    and h.stream = 'plan-' || {of}.plan_id and h.version = ({of}.phase1 ->> 'told_by')::int)"""


def by_channel(of: str, history: str = "rm.timeline") -> str:
    """Return an expression for the event that says the rest of a channel, as JSON; null: its row `of` says all."""
    return _CHANNEL.format(of=of, history=history)


def by_phase1(of: str, history: str = "rm.timeline") -> str:
    """Return an expression for the event that says all of the Phase 1 of a plan; null: the plan's row `of` does."""
    return _PHASE1.format(of=of, history=history)


def column(name: str, of: str, event: str) -> str:
    """Return an expression for what a column of the channel `of` says in all, as jsonb; `event`: that of by_channel."""
    return f"coalesce(({event} -> '{OF_CHANNEL[name]}')::jsonb, to_jsonb({of}.{name}))"
