"""A server in a `with` block is stopped at its end, and killed where it does not become ready."""

from __future__ import annotations

import pytest

from local.entering import Entered


class Said(Entered):
    """A service that notes what it was asked to do; `ready`: whether it becomes ready."""

    def __init__(self, *, ready: bool) -> None:
        self.ready = ready
        self.asked: list[str] = []

    def start(self) -> None:
        self.asked.append("start")

    def wait_ready(self) -> None:
        self.asked.append("wait")
        if not self.ready:
            raise KeyboardInterrupt

    def stop(self) -> None:
        self.asked.append("stop")

    def kill(self) -> None:
        self.asked.append("kill")


def test_it_serves_inside_and_is_stopped_after_it() -> None:
    with Said(ready=True) as one:
        assert one.asked == ["start", "wait"]

    assert one.asked == ["start", "wait", "stop"]


def test_what_does_not_become_ready_is_killed() -> None:
    """A service that does not become ready is killed, also if Ctrl-C ends the wait."""
    one = Said(ready=False)

    with pytest.raises(KeyboardInterrupt), one:
        pass

    assert one.asked == ["start", "wait", "kill"]
