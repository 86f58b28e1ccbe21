"""List rows by priority: the first rows of each rank, in the order of an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.plan import PRIORITIES


def rank(priority: str) -> str:
    """Return the SQL of a column's rank, 0 for the most urgent."""
    return f"(case {priority} when 'high' then 0 when 'low' then 2 else 1 end)"


def by_rank(rows: str, picked: str, priority: str) -> Iterator[str]:
    """Yield the SQL of each rank's first: of a select that ends in conditions, and its order by rank with its limit."""
    within = picked.replace(f"order by {rank(priority)}, ", "order by ", 1)
    for of_rank in ("= 'high'", "not in ('high', 'low')", "= 'low'"):  # in the words of the column's statistics
        yield f"({rows} and {priority} {of_rank} {within})"


def one_of(priority: str, wanted: Sequence[str]) -> str:
    """Return the condition that a column is one of these priorities.

    In words and not as an argument: what is no argument is seen to be in the index of those that are not the usual one.
    """
    known = ", ".join(f"'{one}'" for one in PRIORITIES if one in wanted)
    return f"{priority} in ({known})" if known else "false"
