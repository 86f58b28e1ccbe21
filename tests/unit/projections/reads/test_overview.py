"""Each status that something follows says since when it is so."""

from __future__ import annotations

from projections.reads.by_status import PLAN_SINCE, TASK_SINCE
from schemas.lifecycle import PLAN, TASK, TaskStatus


def test_what_goes_on_has_a_column_and_what_has_ended_has_the_end() -> None:
    """A state that goes on has a column for its begin, and one that ended, such as failed, one for its end."""
    assert set(PLAN_SINCE) == set(PLAN.going)
    assert set(TASK_SINCE) == set(TASK.going) - {TaskStatus.FAILED}
