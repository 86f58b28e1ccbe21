"""A webhook that takes some events and others not is told of, once: by its breaker where that holds it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.words.findings import say
from gateway.webhooks.types import WINDOW
from projections.reads.webhooks import Waiting
from tests.unit.gateway.verdict.examples import NOW, RUNS, breaker, seen

AN_HOUR = NOW - timedelta(hours=1)
OLDER = AN_HOUR - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("queue", "said", "since"),
    [
        (Waiting("erp", WINDOW, NOW, "HTTP 422"), "has a full queue: HTTP 422.", NOW),
        (Waiting("erp", 1, OLDER, ""), "has events that wait for more than an hour: no reason was given.", OLDER),
        (
            Waiting("erp", 1, OLDER, "HTTP 500", 2, "HTTP 422", NOW),
            "did not take events, which were given up within the last hour: HTTP 422.",
            NOW,
        ),
        (
            Waiting("erp", WINDOW, NOW, "", paused_for="HTTP 503", failing_since=OLDER),
            "was paused, for it has taken no events for days: HTTP 503.",
            OLDER,
        ),
    ],
)
def test_a_queue_that_does_not_go_on_is_told_of(queue: Waiting, said: str, since: datetime) -> None:
    (found,) = judge(seen(operations=replace(RUNS, webhooks=[queue]))).findings
    assert (found.kind, found.subject, found.since) == (Kind.WEBHOOK_FAILING, "webhook:erp", since)
    assert say(found).text == f"The webhook erp {said}"


def test_what_just_waits_is_nothing_to_tell() -> None:
    queues = [Waiting("erp", WINDOW - 1, AN_HOUR, "HTTP 500"), Waiting("crm", 0, None, "")]
    assert judge(seen(operations=replace(RUNS, webhooks=queues))).findings == ()


def test_one_that_its_breaker_holds_back_is_told_of_by_that() -> None:
    operations = replace(RUNS, breakers=[breaker("webhook:erp")], webhooks=[Waiting("erp", WINDOW, OLDER, "no")])
    (found,) = judge(seen(operations=operations)).findings
    assert say(found).text == "The webhook erp takes no events: HTTP 503."
