"""A look goes on from what was shown at the look before; now and then all of it is looked up again."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.verdict import reading
from gateway.verdict.reading import SHOWN_AGAIN_S, SHOWN_S, Verdicts
from projections.reads.overview import Outbox, Overview, ProjectionLag, Waiting

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def look(behind: int, published_at: datetime | None) -> Overview:
    return Overview(
        {}, {}, Waiting(0, 0.0), 0, Outbox(0, 0.0), ProjectionLag(behind, 0.0, None), published_at=published_at
    )


def test_a_look_goes_on_from_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pool: Any = None
    verdicts = Verdicts(pool, lambda _: reading.Here())
    assert verdicts._shown_until() is None

    verdicts._shows(look(0, None))  # nothing was ever published
    assert verdicts._shown_until() is None
    verdicts._shows(look(3, AT))  # not all of it is shown
    assert verdicts._shown_until() is None

    verdicts._shows(look(0, AT))
    assert verdicts._shown_until() == AT - timedelta(seconds=SHOWN_S)
    now += SHOWN_AGAIN_S - 1
    verdicts._shows(look(0, AT + timedelta(seconds=60)))
    assert verdicts._shown_until() == AT + timedelta(seconds=60 - SHOWN_S)
    verdicts._shows(look(2, AT + timedelta(seconds=70)))  # what came since is on its way
    assert verdicts._shown_until() == AT + timedelta(seconds=60 - SHOWN_S)

    now += 2  # counted from the last look at all of them, not from the last look
    assert verdicts._shown_until() is None
