"""The reference tables of the database: rules, statuses and consumer groups, made from the code.

`projections.migrate` fills them together with the functions, which read them: both are one set with one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.lifecycle import OF, RULES
from schemas.topics import declared, groups


@dataclass(frozen=True)
class Reference:
    """A table and all of its rows. The first `keys` columns are its primary key, and text."""

    table: str
    columns: tuple[str, ...]
    keys: int
    rows: tuple[tuple[Any, ...], ...]

    @property
    def text(self) -> str:
        """Return everything in one line, for a digest."""
        return f"{self.table} {self.columns} {self.rows}"


def references() -> tuple[Reference, ...]:
    """Return every such table with its rows."""
    return (_rules(), _statuses(), _groups())


def _rules() -> Reference:
    columns = ("command", "kind", "from_status", "already", "to_status", "event_type", "reserve", "four_eyes")
    rows = (
        (
            command,
            command.partition(".")[0],
            [str(status) for status in rule.needs],
            [str(status) for status in rule.already],
            None if rule.to is None else str(rule.to),
            rule.event,
            rule.reserves,
            rule.four_eyes,
        )
        for command, rule in RULES.items()
    )
    return Reference("decide.rule", columns, 1, tuple(rows))


def _statuses() -> Reference:
    rows = (
        (life.kind, str(status), state.final, state.given_up)
        for life in OF.values()
        for status, state in life.states.items()
    )
    return Reference("decide.status", ("kind", "status", "final", "given_up"), 2, tuple(rows))


def _groups() -> Reference:
    rows = (
        (group.name, [topic for topic in group.topics if declared()[topic].events], group.redelivered, group.retries)
        for group in groups().values()
    )
    return Reference("flow.consumer_group", ("name", "topics", "redelivered", "retries"), 1, tuple(rows))
