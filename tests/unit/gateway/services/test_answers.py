"""What a gateway counts of its answers, and for how long."""

from __future__ import annotations

from gateway.services.answers import Answers
from gateway.services.metrics import Metrics
from gateway.verdict.failing import ANSWERED_S


def test_answers_are_counted_for_as_long_as_the_window_is() -> None:
    now = [1000.0]
    answers = Answers(lambda: now[0])
    for status in (200, 404, 500, 503):
        answers.add("/api/channels", status)
    assert answers.lately() == (4, 2)

    now[0] += ANSWERED_S / 2
    answers.add("/api/channels", 200)
    assert answers.lately() == (5, 2)
    now[0] += ANSWERED_S / 2
    assert answers.lately() == (1, 0)
    now[0] += ANSWERED_S
    assert answers.lately() == (0, 0)


def test_a_probe_that_is_told_no_has_been_served() -> None:
    answers = Answers()
    answers.add("/health/ready", 503)
    assert answers.lately() == (0, 0)


def test_each_request_that_is_measured_is_counted() -> None:
    metrics = Metrics()
    metrics.request("GET", "/api/channels", 500, 0.1)
    assert metrics.answers.lately() == (1, 1)
