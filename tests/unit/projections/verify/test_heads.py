"""What decides the next command agrees with the log, or is found."""

from __future__ import annotations

import pytest

from projections.verify.expected import Expected, Found
from projections.verify.heads import Heads, compare_heads

EXPECTED = Expected(
    plans={"p1": (1, "analyzing"), "p2": (2, "awaiting_approval"), "p4": (4, "executing")},
    tasks={"t1": (2, "started", "p4")},
)


@pytest.mark.parametrize(
    ("stream", "head", "on_its_way", "is_found"),
    [
        ("plan-p1", (2, 1, "analyzing"), False, False),  # uploaded: plan.analyzed is the runner's
        ("plan-p2", (2, 1, "analyzing"), False, False),  # and is there: the head hears of it with the next command
        ("plan-p2", (2, 0, "awaiting_approval"), False, False),
        ("plan-p2", (4, 1, "approved"), True, False),  # approved a moment ago
        ("plan-p4", (4, 1, "approved"), False, False),  # Phase 1 is the worker's
        ("task-t1", (2, 0, "started"), False, False),
        ("task-t2", (1, 0, "open"), True, False),
        ("plan-p2", (2, 0, "approved"), False, True),  # by hand: it could not be approved any more
        ("plan-p4", (4, 0, "awaiting_approval"), False, True),  # by hand: it could be approved twice
        ("plan-p2", (4, 1, "approved"), False, True),  # what approved it is nowhere
        ("plan-p4", (2, 1, "analyzing"), False, True),  # of an older database: its next version is there already
        ("task-t1", (1, 0, "open"), False, True),
        ("task-t1", (2, 0, "completed"), False, True),
        ("task-t2", (1, 0, "open"), False, True),
    ],
)
def test_a_head_fits_the_log_or_is_found(
    stream: str, head: tuple[int, int, str], *, on_its_way: bool, is_found: bool
) -> None:
    found: Found = {}

    compare_heads(EXPECTED, Heads({stream: head}, {stream} if on_its_way else ()), found)

    assert ([("head", stream)] if is_found else []) == list(found)
