"""What is waited for, without anything that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.stack import NotReadyError, Stack
from local.state import ProcessState, State


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    made = Stack(tmp_path)
    made._state = State(pid=1, born=0.0, started_at="")
    return made


def test_one_that_has_just_ended_is_not_taken_for_its_successor(stack: Stack) -> None:
    """For a moment its status is still the old one, and its pid is gone already."""
    stack.state.processes["worker"] = ProcessState("ready", pid=None)
    with pytest.raises(NotReadyError, match="worker is ready"):
        stack.wait_for("worker", not_pid=7, timeout=0.1)


@pytest.mark.parametrize(("pid", "found"), [(7, False), (8, True)])
def test_another_process_is_waited_for(stack: Stack, pid: int, found: bool) -> None:
    stack.state.processes["worker"] = ProcessState("ready", pid=pid)
    if found:
        assert stack.wait_for("worker", not_pid=7, timeout=0.1) == pid
    else:
        with pytest.raises(NotReadyError):
            stack.wait_for("worker", not_pid=7, timeout=0.1)


def test_one_that_is_paused_has_no_pid(stack: Stack) -> None:
    stack.state.processes["worker"] = ProcessState("paused")
    assert stack.wait_for("worker", "paused", timeout=0.1) is None
