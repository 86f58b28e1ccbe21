"""What became of a letter or of a parked record is said with what to do, where nothing was done."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.operations import letters, retrying
from projections.reads import outlook


def letter(outcome: str) -> Any:
    return letters.result_of({"record_id": "r" * 300, "outcome": outcome, "group": "g", "topic": "t", "version": 4})


@pytest.mark.parametrize("outcome", ["accepted", "unchanged"])
def test_what_was_done_now_or_before_is_no_refusal(outcome: str) -> None:
    assert (letter(outcome).outcome, letter(outcome).problem) == (outcome, None)


@pytest.mark.parametrize(
    ("outcome", "kind", "advice"),
    [
        ("not_found", "not-found", "dead letter"),
        ("unread", "wrong-status", "The group 'g' reads nothing from 't'"),
        ("failed", "wrong-status", "Discard it; its bytes are kept."),
        ("discarded", "wrong-status", "force replays it all the same"),
        ("replayed", "wrong-status", "Force replays it once more."),
        (outlook.STORED_BLOCKED, "wrong-status", "find the cause first, edit it, or use force"),
        ("version_mismatch", "version-mismatch", "since you read it"),
    ],
)
def test_a_letter_to_which_nothing_was_done_says_why(outcome: str, kind: str, advice: str) -> None:
    problem = letter(outcome).problem
    assert (problem.kind, advice in problem.detail) == (kind, True)
    assert "r" * 121 not in problem.detail


def test_a_letter_that_came_back_too_often_is_called_blocked() -> None:
    result = letter(outlook.STORED_BLOCKED)
    assert result.outcome == result.problem.extra["currentStatus"] == outlook.BLOCKED


def test_a_letter_that_somebody_else_decided_about_has_the_new_version() -> None:
    assert letter("version_mismatch").problem.extra == {"version": 4}


@pytest.mark.parametrize(
    ("said", "kind", "advice"),
    [
        ({"outcome": "not_found"}, "not-found", "waiting record"),
        ({"outcome": "behind", "behind": "r0"}, "wrong-status", "It waits behind r0"),
        ({"outcome": "resolved", "state": "done"}, "wrong-status", "was handled in the meantime"),
        ({"outcome": "resolved", "state": "given_up"}, "wrong-status", "is a dead letter by now"),
    ],
)
def test_a_parked_record_to_which_nothing_was_done_says_why(said: dict[str, str], kind: str, advice: str) -> None:
    problem = retrying._result({"record_id": "r1", **said}).problem
    assert problem is not None
    assert (problem.kind, advice in problem.detail) == (kind, True)


def test_a_parked_record_that_was_sent_on_is_no_refusal() -> None:
    assert retrying._result({"record_id": "r1", "outcome": "accepted"}).problem is None
