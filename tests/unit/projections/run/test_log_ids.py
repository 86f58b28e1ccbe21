"""What a mapper logs of a record says which request, plan and trace it is of, however many are mapped in one go."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

from projections.run.mapper import Mapper
from projections.settings import Settings
from schemas import headers as h
from schemas.belief import Belief, Mode
from schemas.catalogue import newest
from schemas.events import Event
from schemas.process.kafka import Brokers
from schemas.signing import parse
from schemas.topics import PLAN_EVENTS
from schemas.wire import Codec
from tests.support.log_lines import ids_of, log_lines

CODEC = Codec({(PLAN_EVENTS, "plan.rejected"): 1}, {1: ("plan.rejected", newest("plan.rejected").raw)})


def rejected(plan: str, offset: int, trace: str) -> SimpleNamespace:
    event = Event(
        "plan.rejected",
        str(uuid4()),
        f"plan-{plan}",
        3,
        1,
        f"request-{offset}",
        plan,
        "ana",
        {"plan_id": plan, "reason": "não"},
    )
    return SimpleNamespace(
        topic=PLAN_EVENTS,
        partition=0,
        offset=offset,
        timestamp=1,
        key=plan.encode(),
        value=CODEC.encode(PLAN_EVENTS, event),
        headers=h.for_event(event, f"00-{trace}-{'1' * 16}-01"),
    )


async def test_doubts_are_told_with_the_ids_of_their_own_record() -> None:
    plans = [str(uuid4()) for _ in range(12)]  # more than a line of a batch names
    mapper = Mapper(Settings(Brokers(""), "http://127.0.0.1:1", ""), CODEC)
    mapper.belief = Belief(parse(f"one {'01' * 32}"), Mode.WARN, {})
    records = [rejected(plan, n, f"{n + 1:032x}") for n, plan in enumerate(plans)]
    with log_lines() as lines:
        await mapper._map(records)
    doubts = [ids_of(line) for line in lines if line["event"].startswith("an event is doubted")]
    assert doubts == [(f"request-{n}", plan, f"{n + 1:032x}") for n, plan in enumerate(plans)]
