"""Read a plan's proposal, in SQL: from the plan's row, or from the body that the row names."""

from __future__ import annotations

from typing import Final

_SAID: Final = "(select b.said from rm.plan_body b where b.plan_id = {of}.plan_id and b.digest = {of}.body)"


def said(of: str) -> str:
    """Return the SQL of opportunities and phases, as JSON of both; null: they stand in the row `of` itself."""
    return _SAID.format(of=of)


def opportunities(of: str) -> str:
    """Return an expression for the opportunities of the row `of`, as jsonb."""
    return f"coalesce({said(of)}::jsonb -> 'opportunities', {of}.opportunities)"
