"""Log lines as a process would write them, with the ids of their context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from schemas.process.log_context import add_ids

IDS = ("request_id", "plan_id", "trace_id")


@contextmanager
def log_lines() -> Iterator[list[dict[str, Any]]]:
    """Yield a list that grows with every line that is logged within."""
    with structlog.testing.capture_logs(processors=[add_ids]) as lines:
        yield lines  # type: ignore[misc] # a line is a mapping that can be changed


def ids_of(line: dict[str, Any]) -> tuple[Any, ...]:
    """Return request id, plan id and trace id of a line."""
    return tuple(line.get(name) for name in IDS)


def the_line(lines: list[dict[str, Any]], event: str) -> dict[str, Any]:
    """Return the one line that says this."""
    (found,) = [line for line in lines if line["event"] == event]
    return found
