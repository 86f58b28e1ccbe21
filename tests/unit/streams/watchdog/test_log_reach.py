"""A look at how far the log reaches takes no other watchdog's note, and no old news, for a loss."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from schemas.process.kafka import Brokers
from streams.watchdog.log_reach import LogReach
from streams.watchdog.reach import Reach

PLACE = ("plan.events", 0)


class Pool:
    """Answers with what is noted, and counts what is written."""

    def __init__(self, steps: list[str], next_offset: int) -> None:
        self.steps = steps
        self.row = {"topic": "plan.events", "partition": 0, "epoch": 5, "next_offset": next_offset, "unfinished": False}

    async def fetch(self, _query: str) -> list[dict[str, Any]]:
        self.steps.append("noted")
        return [self.row]

    async def execute(self, _query: str, *_arguments: Any) -> None:
        self.steps.append("note")

    async def fetchrow(self, _query: str, *_arguments: Any) -> None:
        raise AssertionError("nothing was lost")


def looking(pool: Pool | None = None) -> LogReach:
    broker: Any = SimpleNamespace(ends={PLACE: 1}, error="")
    return LogReach(Brokers("127.0.0.1:9"), cast("Any", pool), broker)


async def test_what_another_watchdog_notes_meanwhile_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    pool = Pool(steps, 104)
    looker = looking(pool)

    async def seen() -> Any:
        steps.append("seen")
        pool.row["next_offset"] = 105  # the other one saw one record more
        return {PLACE: Reach(5, 104)}, {PLACE: 1}

    monkeypatch.setattr(looker, "_seen", seen)
    await looker.look()
    assert steps == ["noted", "seen"]


async def test_without_a_leader_nothing_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    looker = looking(Pool(steps, 104))

    async def seen() -> Any:
        return {("plan.events", 1): Reach(1, 7)}, {("plan.events", 1): 1}

    monkeypatch.setattr(looker, "_seen", seen)
    await looker.look()
    assert steps == ["noted"]


@pytest.mark.parametrize(
    ("epoch", "end", "kept"),
    [
        (6, 100, 100),  # another leader: where the one before ended
        (6, -1, None),  # it does not tell
        (5, None, 0),  # a topic that was made anew, with the same epoch: nobody is asked
        (4, -1, 0),  # made anew: its leader never had the later epoch
        (4, 300, None),  # old news: its leader had the later epoch
    ],
)
async def test_where_the_log_ended(
    monkeypatch: pytest.MonkeyPatch, epoch: int, end: int | None, kept: int | None
) -> None:
    looker = looking()

    class Admin:
        async def _send_request(self, _request: Any, _leader: int) -> Any:
            assert end is not None, "nobody is asked"
            return SimpleNamespace(topics=[("plan.events", [(0, 0, 5, end)])])

    async def clients() -> Any:
        return Admin(), None

    monkeypatch.setattr(looker._clients, "open", clients)
    asking = looker._kept({PLACE: 5}, {PLACE: Reach(epoch, 400)}, {PLACE: 1})
    if kept is None:
        with pytest.raises(LookupError, match="is not told"):
            await asking
    else:
        assert await asking == {PLACE: kept}
