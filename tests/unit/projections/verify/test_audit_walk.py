"""The walk of the chain finds what was put in afterwards, and nothing that a gateway has linked in its own time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from projections.verify.audit import check_audit
from projections.verify.expected import Report
from schemas import audit
from schemas.audit import Told
from schemas.process.connection import Db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
#: When entries were linked together (minutes after noon), and when each of them was written.
Batch = tuple[float, Sequence[float]]


class Chained:
    """A database with a chain of audit entries, as much of it as the walk reads."""

    def __init__(self, *batches: Batch, gone: int = 0) -> None:
        after, number = (0, audit.START), 0
        self.rows: list[dict[str, Any]] = []
        for linked, written in batches:
            entries = [_entry(number + n, at) for n, at in enumerate(written)]
            number += len(entries)
            for link, entry in zip(audit.chain(after, entries, _at(linked)), entries, strict=True):
                self.rows.append({**asdict(entry), **asdict(link), "there": True})
                after = link.position, link.hash
        self.checkpoints: list[dict[str, Any]] = []
        if gone:
            last = self.rows[gone - 1]
            old = {"last_at": NOON - timedelta(days=500), "made_at": NOON, "there": False}
            self.checkpoints = [{"position": last["position"], "hash": last["hash"], **old}]

    async def fetch(self, _query: str, *after: int) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["position"] > after[0]][: after[1]] if after else self.checkpoints

    async def fetchrow(self, *_: object) -> None:
        return None

    async def found(self) -> list[str]:
        report = Report()
        await check_audit(cast("Db", self), report)
        return report.problems


def _at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def _entry(number: int, written: float) -> Told:
    said = ("ana", "k", "", "plan.approve", "plan", "p", None, "accepted", None, None, "", "")
    return Told(number, _at(written), *said)


@pytest.mark.parametrize(
    "batches",
    [
        [(1, [0.99]), (60, [3, 4, 5])],
        [(60, [n / 100 for n in range(audit.MOST)]), (60.1, [55, 56]), (61, [60.9])],
        [(1, [0.5]), (60, [n / 100 + 2 for n in range(audit.MOST)]), (60.1, [55, 56]), (61, [60.9])],
    ],
    ids=["no-gateway-for-an-hour", "more-than-one-go", "behind-others"],
)
async def test_what_waited_for_its_link_was_not_put_in(batches: list[Batch]) -> None:
    assert await Chained(*batches).found() == []


@pytest.mark.parametrize(
    "batches",
    [
        [(1, [0.99]), (60, [59.9]), (61, [30])],
        [(1, [0.99]), (60, [59.9]), (61, [60.9, 30])],
        [(1, [0.99]), (60, [59.9, -30])],
        [(40, [39]), (60, [n / 1000 + 59 for n in range(audit.MOST)]), (60.1, [30])],
    ],
    ids=["alone", "among-others", "at-the-end", "behind-a-full-one"],
)
async def test_what_was_put_in_afterwards_is_found(batches: list[Batch]) -> None:
    [problem] = await Chained(*batches).found()
    assert "put in afterwards" in problem


async def test_what_follows_a_checkpoint_may_be_the_rest_of_a_full_go() -> None:
    full = [n / 100 for n in range(audit.MOST)]
    assert await Chained((60, full), (60.1, [55]), gone=audit.MOST - 3).found() == []
