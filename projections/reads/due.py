"""When a task is due, and when overdue: once its day is over in every time zone."""

from __future__ import annotations

from typing import Final, Literal, get_args

from schemas.lifecycle import TASK

#: What tasks can be narrowed to: their day is over; it comes within 7 days, today being the first; they have no day.
#: Those that have ended are in none.
Due = Literal["overdue", "week", "none"]
DUE: Final[tuple[Due, ...]] = get_args(Due)
#: The last day that is not over yet in the zone that is furthest behind, 12 hours behind UTC. SQL.
_TODAY: Final = "((now() at time zone 'UTC') - interval '12 hours')::date"
#: The statuses of a task that has not ended. SQL, a list.
GOING: Final = ", ".join(f"'{status}'" for status in TASK.going)
#: For how many seconds the earliest of these days is over. SQL, an aggregate.
OVER_FOR: Final = (
    "extract(epoch from (now() at time zone 'UTC') - (min(due_on) + interval '1 day' + interval '12 hours'))"
)


def overdue(of: str = "") -> str:
    """Return the SQL of whether a task is overdue: false without a due date. `of` is the row's prefix: `t.`."""
    return f"({of}due_on is not null and {of}due_on < {_TODAY} and {of}status in ({GOING}))"


def narrowed(due: Due, of: str = "") -> str:
    """Return the SQL of whether a task is due so."""
    if due == "overdue":
        return overdue(of)
    when = f"{of}due_on >= {_TODAY} and {of}due_on < {_TODAY} + 7" if due == "week" else f"{of}due_on is null"
    return f"({when} and {of}status in ({GOING}))"


def state(today: str, of: str = "") -> str:
    """Return the SQL of a task's state, 'due' or 'overdue': null before its day, and once it has ended."""
    due = f"{of}due_on <= {today} and {of}status in ({GOING})"
    return f"case when {overdue(of)} then 'overdue' when {due} then 'due' end"
