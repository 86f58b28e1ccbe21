"""What the events of a plan tell of attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from projections.reads.attempts import Attempt, from_events

BEGAN = datetime(2026, 11, 30, 12, tzinfo=UTC)


def event(type_: str, second: int, actor: str = "ana", **data: Any) -> dict[str, Any]:
    """An event that was recorded a second after it happened."""
    at = BEGAN + timedelta(seconds=second)
    return {"type": type_, "occurred_at": at, "recorded_at": at + timedelta(seconds=1), "actor": actor, "data": data}


def told(one: Attempt) -> tuple[Any, ...]:
    return one.job, one.subject, one.number, one.outcome, one.seconds, one.by, one.code


def test_an_analysis_ends_with_each_channel_and_names_who_gave_nothing() -> None:
    fallback = [{"agent": "agent:a/m", "code": "agent-timeout", "reason": "no answer", "attempts": 2}]
    found = from_events(
        [
            event("plan.uploaded", 0, channels=["shopee", "amazon"]),
            event("plan.channel.analyzed", 4, channel="shopee", model="rules-2", fallback=fallback),
            event("plan.channel.failed", 9, channel="amazon", code="x", reason="y", attempts=3),
        ]
    )
    assert [told(one) for one in found] == [
        ("analysis", "shopee", 1, "failed", None, "agent:a/m", "agent-timeout"),
        ("analysis", "shopee", 1, "done", 5.0, "rules-2", ""),
        ("analysis", "amazon", 1, "failed", 10.0, "", "x"),
    ]


def test_an_analysis_that_is_made_again_is_another_attempt() -> None:
    found = from_events(
        [
            event("plan.uploaded", 0, channels=["shopee"]),
            event("plan.channel.analyzed", 1, channel="shopee", model="m"),
            event("plan.channel.requested_again", 60, channel="shopee", analyst="agent"),
            event(
                "plan.channel.kept", 70, channel="shopee", analyst="agent", code="agent-away", reason="", failures=[]
            ),
            event("plan.channel.requested_again", 80, channel="shopee", analyst="rules"),
        ]
    )
    assert [told(one) for one in found] == [
        ("analysis", "shopee", 1, "done", 2.0, "m", ""),
        ("analysis", "shopee", 2, "kept", 11.0, "agent", "agent-away"),
        ("analysis", "shopee", 3, "running", None, "", ""),
    ]


def use(agent: str, cost: float) -> dict[str, Any]:
    return {"agent": agent, "calls": 1, "input_tokens": 10, "output_tokens": 2, "seconds": 1.0, "cost": cost}


def test_what_agents_took_stays_with_the_attempt_that_gave_way_and_the_one_that_failed() -> None:
    nothing = [{"agent": "agent:a/m", "code": "agent-timeout", "reason": "no answer", "attempts": 1}]
    found = from_events(
        [
            event("plan.uploaded", 0, channels=["shopee"]),
            event(
                "plan.channel.analyzed", 1, channel="shopee", model="n", fallback=nothing,
                use=[use("agent:a/m", 0.1), use("agent:b/n", 0.2)],
            ),
            event("plan.channel.requested_again", 60, channel="shopee", analyst="agent"),
            event(
                "plan.channel.kept", 70, channel="shopee", analyst="agent", code="agent-away", reason="", failures=[],
                use=[use("agent:a/m", 0.3)],
            ),
            event("plan.channel.requested_again", 80, channel="shopee", analyst="rules"),
            event("plan.channel.analyzed", 81, channel="shopee", model="rules-6"),
        ]
    )  # fmt: skip
    assert [(one.number, one.outcome, [u["cost"] for u in one.use]) for one in found] == [
        (1, "failed", [0.1]), (1, "done", [0.2]), (2, "kept", [0.3]), (3, "done", []),
    ]  # fmt: skip


def test_phase_1_takes_from_the_approval() -> None:
    done = [event("plan.approved", 5), event("plan.phase1.created", 5, "system:phase1")]
    assert [told(one) for one in from_events(done)] == [("phase1", "", 1, "done", 1.0, "system:phase1", "")]
    assert [told(one) for one in from_events(done[:1])] == [("phase1", "", 1, "running", None, "", "")]


def test_what_has_no_beginning_has_no_time() -> None:
    """Attempts without a known beginning, as of an older version, have no duration."""
    found = from_events([event("plan.channel.analyzed", 1, channel="shopee"), event("plan.phase1.created", 2)])
    assert [one.seconds for one in found] == [None, None]
