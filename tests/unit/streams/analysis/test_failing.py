"""What a failure is called, and whether another attempt can help."""

from __future__ import annotations

import pytest

from schemas.plan import AgentUse, Fallback
from schemas.wire import Undecodable
from streams.analysis.agents.errors import AgentNotCalled, AgentRejected, AgentUnavailable, AnswerUnusable
from streams.analysis.failing import (
    DocumentMissing,
    NoneAnswered,
    NotMade,
    RulesFailed,
    code_of,
    failures_of,
    reason_of,
    use_of,
    worth_a_retry,
)
from streams.breakers.errors import BreakerOpen


def test_what_was_not_made_says_who_failed_and_why() -> None:
    failed = NotMade([Fallback("gpt", "timeout", "no answer", 2)], [AgentUse("gpt", 1, 10, 0, 0.5, None)])
    assert str(failed) == "gpt: no answer"
    assert (len(failed.failures), len(failed.use)) == (1, 1)


AWAY = AgentUnavailable("no connection", kind="connection")
LATE = AgentUnavailable("no answer", kind="timeout")
REFUSED = AgentRejected("no such model", kind="not_found")
HELD = BreakerOpen("agent:x", None)


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        (AWAY, "agent-connection", True),
        (AgentUnavailable("busy", kind="rate_limit"), "agent-rate-limit", True),
        (LATE, "agent-timeout", False),
        (TimeoutError(), "agent-timeout", False),
        (REFUSED, "agent-not-found", False),
        (AgentNotCalled("late", kind="deadline"), "agent-deadline", False),
        (AnswerUnusable("no_json"), "answer-no-json", False),
        (DocumentMissing("none"), "document-missing", False),
        (RulesFailed("fault"), "rules-failed", False),
        (HELD, "agent-held", True),
        (ZeroDivisionError(), "unexpected", True),
        (Undecodable("damaged", ""), "unexpected", False),
    ],
)
def test_each_failure_has_its_code_and_its_fate(error: Exception, code: str, again: bool) -> None:
    assert (code_of(error), worth_a_retry(error)) == (code, again)


def test_only_words_that_are_made_for_people_are_quoted() -> None:
    assert reason_of(AWAY) == "no connection"
    assert reason_of(TimeoutError("secret")) == "the agent did not end in time"
    assert reason_of(ValueError("secret")) == "an unexpected error (ValueError); the log has the details"
    assert len(reason_of(AgentRejected("x" * 5000, kind="key"))) == 1000


@pytest.mark.parametrize(
    ("errors", "main"),
    [
        ([REFUSED, AWAY, LATE], AWAY),  # one that may pass
        ([HELD, REFUSED, LATE], LATE),  # else the last one
        ([HELD, REFUSED], REFUSED),  # what was held back says least
        ([HELD], HELD),
    ],
)
def test_of_several_failures_one_decides(errors: list[Exception], main: Exception) -> None:
    assert NoneAnswered(errors, [], []).main is main


def test_all_who_failed_are_named_with_what_their_calls_took() -> None:
    use = AgentUse("agent:a", 1)
    error = NoneAnswered([AWAY], [Fallback("agent:a", "agent-connection", "no connection")], [use])
    assert failures_of(error, 3) == [Fallback("agent:a", "agent-connection", "no connection", 3)]
    assert use_of(error) == [use]
    assert str(error) == "agent:a: no connection"
    assert failures_of(REFUSED, 1) == [Fallback("", "agent-not-found", "no such model", 1)]
    assert use_of(REFUSED) == []
    paid = AnswerUnusable("empty")
    paid.use = use
    assert use_of(paid) == [use]
    assert use_of(ValueError()) == []
