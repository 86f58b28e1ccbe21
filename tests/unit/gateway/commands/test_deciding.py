"""The write door: what a request says becomes one command, and each outcome an answer that says what to do."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, get_args
from uuid import UUID

import pytest
from starlette.datastructures import Headers

from gateway.access.roles import Principal, Role
from gateway.commands import again, deciding
from gateway.commands.answer import Answer, Outcome
from gateway.commands.deciding import NAMED, Asked, asked, decide, decide_many, expected_version, refusal, valid_key
from gateway.problems.problem import Problem
from schemas.lifecycle import RULES
from schemas.rules import Bar

ONE, TWO, HIDDEN = (UUID(int=n) for n in (1, 2, 3))
ANA = Principal("k1", "ana", Role.OPERATOR)


class Request:
    """A request of a principal, whose plans are all seen but for HIDDEN; `commands` are those that were decided."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, principal: Principal = ANA, if_match: str | None = None
    ) -> None:
        self.commands: list[Any] = []
        self.counted: list[tuple[str, str]] = []
        self.headers = Headers({} if if_match is None else {"if-match": if_match})
        self.method, self.url = "POST", SimpleNamespace(path="/api/plans")
        metrics = SimpleNamespace(command=lambda name, outcome: self.counted.append((name, outcome)))
        services = SimpleNamespace(pool=None, commands=self, metrics=metrics)
        self.state = SimpleNamespace(
            services=services, principal=principal, request_id="r1", traceparent="t", raw_body=b"{}"
        )

        async def unseen(_pool: object, _principal: object, kind: str, targets: Any) -> set[UUID]:
            assert kind == "plan"
            return {HIDDEN}.intersection(targets)

        async def texts(_request: object, data: Any) -> Any:
            return {**data, "kept": True}

        monkeypatch.setattr(deciding, "unseen", unseen)
        monkeypatch.setattr(deciding, "texts", texts)
        monkeypatch.setattr(deciding, "address", lambda _request: "127.0.0.1")

    async def run(self, command: Any) -> Answer:
        return (await self.run_many([command]))[0]

    async def run_many(self, commands: list[Any]) -> list[Answer]:
        self.commands += commands
        return [Answer("accepted", version=int(one.id[-1])) for one in commands]


async def test_a_command_says_who_asks_for_what_and_by_which_request(monkeypatch: pytest.MonkeyPatch) -> None:
    request: Any = Request(monkeypatch)

    answer = await decide(request, Asked("key", 3, b"{}"), "plan.approve", ONE, {"reason": "why"})

    (command,) = request.commands
    assert answer.outcome == "accepted"
    assert (command.command, command.id, command.actor, command.scope) == ("plan.approve", str(ONE), "ana", "k1")
    assert (command.key, command.expect, command.causation_id, command.traceparent) == ("key", 3, "r1", "t")
    assert command.data == {"reason": "why", "kept": True}
    assert request.counted == [("plan.approve", "accepted")]


async def test_a_repeat_is_told_from_another_request_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    request: Any = Request(monkeypatch)
    for content in (b"{}", b"{}", b'{"reason": "x"}'):
        await decide(request, Asked("key", None, content), "plan.approve", ONE, {})
    await decide(request, Asked(None, None, b"{}"), "plan.approve", ONE, {})

    first, repeat, other, without = [one.request_hash for one in request.commands]
    assert first == repeat != other
    assert without == ""


async def test_what_the_sender_may_not_see_is_not_found_and_never_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    request: Any = Request(monkeypatch)

    assert await decide(request, Asked(None, None, b""), "plan.approve", HIDDEN, {}) == Answer("not_found")
    assert (request.commands, request.counted) == ([], [])


async def test_a_role_that_is_too_low_is_refused_before_it_learns_what_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for target in (ONE, HIDDEN):
        request: Any = Request(monkeypatch, replace(ANA, role=Role.VIEWER))
        with pytest.raises(Problem) as refused:
            await decide(request, Asked(None, None, b""), "plan.approve", target, {})
        assert (refused.value.kind, request.commands) == ("forbidden", [])


async def test_many_are_decided_each_by_itself_and_answered_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    request: Any = Request(monkeypatch)

    answers = await decide_many(request, Asked("key", 9, b""), "plan.approve", [TWO, HIDDEN, ONE], {}, {ONE: 4})

    assert [(one.outcome, one.version) for one in answers] == [("accepted", 2), ("not_found", 0), ("accepted", 1)]
    told = [(one.id, one.key, one.expect) for one in request.commands]
    assert told == [(str(TWO), f"key/{TWO}", None), (str(ONE), f"key/{ONE}", 4)]


@pytest.mark.parametrize(("tag", "version"), [(None, None), ("*", None), (" * ", None), ('"3"', 3), (' "12" ', 12)])
def test_if_match_names_the_version_that_was_read(
    monkeypatch: pytest.MonkeyPatch, tag: str | None, version: int | None
) -> None:
    request: Any = Request(monkeypatch, if_match=tag)
    assert expected_version(request) == version
    assert asked(request, of_many=True).expect is None


@pytest.mark.parametrize("tag", ["3", '"x"', '"1", "2"', '"-1"', ""])
def test_a_tag_that_is_none_of_ours_is_refused(monkeypatch: pytest.MonkeyPatch, tag: str) -> None:
    request: Any = Request(monkeypatch, if_match=tag)
    with pytest.raises(Problem, match="If-Match"):
        asked(request)


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201, "a\n"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    with pytest.raises(Problem, match="Idempotency-Key"):
        valid_key(key)


REFUSED = [outcome for outcome in get_args(Outcome) if outcome not in {"accepted", "unchanged"}]
#: Outcomes of an upload and of an added task, which have answers of their own.
OF_OTHERS = {"duplicate", "team_closed", "too_many_tasks"}


@pytest.mark.parametrize("outcome", sorted(set(REFUSED) - OF_OTHERS))
def test_every_refusal_of_a_command_has_its_problem(outcome: Any) -> None:
    answer = Answer(outcome, "awaiting_approval", 3, people=("bia",), bar=Bar.OWN)
    problem = refusal(answer, "plan", ONE, "approve")
    assert problem is not None
    assert problem.kind == {"unknown_person": "invalid", "cannot_see": "invalid"}.get(
        outcome, outcome.replace("_", "-")
    )


@pytest.mark.parametrize("outcome", sorted(OF_OTHERS))
def test_what_no_command_answers_is_a_mistake_of_ours(outcome: Any) -> None:
    with pytest.raises(ValueError, match=f"no answer is called {outcome}"):
        refusal(Answer(outcome), "plan", ONE, "approve")


@pytest.mark.parametrize(
    ("status", "possible"),
    [("awaiting_approval", "Possible now: approve, "), ("cancelled", "Nothing can be done with it any more.")],
)
def test_a_wrong_status_says_what_can_be_done(status: str, possible: str) -> None:
    problem = refusal(Answer("wrong_status", status, 3), "plan", ONE, "reject")
    assert problem is not None
    assert problem.detail.startswith(f"The plan is {status.replace('_', ' ')}, so it takes no reject. {possible}")
    assert problem.extra["currentStatus"] == status
    assert bool(problem.extra["actions"]) is (status != "cancelled")


@pytest.mark.parametrize(("action", "named"), [("approve", True), ("reject", False)])
def test_a_version_that_is_old_is_told_the_new_one_and_where_to_name_it(action: str, named: bool) -> None:
    problem = refusal(Answer("version_mismatch", "awaiting_approval", 5), "plan", ONE, action)
    assert problem is not None
    assert problem.headers == {"ETag": '"5"'}
    assert ("If-Match" in problem.detail) is named


@pytest.mark.parametrize(
    ("bar", "who"), [(Bar.OWN, "You uploaded it: another person"), ("other", "a person, but not bia,")]
)
def test_four_eyes_say_whose_are_wanted(bar: str, who: str) -> None:
    problem = refusal(Answer("four_eyes", uploaded_by="bia", bar=bar), "plan", ONE, "approve")
    assert problem is not None
    assert who in problem.detail
    assert problem.extra["neededRole"] == RULES["plan.approve"].role.value


@pytest.mark.parametrize(("people", "more"), [(NAMED, False), (NAMED + 1, True)])
def test_a_person_that_there_is_not_is_refused_with_some_of_those_there_are(people: int, more: bool) -> None:
    problem = refusal(Answer("unknown_person", people=tuple(f"p{n}" for n in range(people))), "task", ONE, "assign")
    assert problem is not None
    told = str(problem.body())
    assert f"p{NAMED - 1}" in told
    assert (", ..." in told) is more


def test_another_analysis_that_is_refused_says_of_which_channel_and_when() -> None:
    problem = again.refusal(Answer("wrong_status", "executing"), ONE, "shopee")
    assert problem is not None
    assert problem.detail.endswith("Shopee is analysed again only while it awaits approval.")
    missing = again.refusal(Answer("not_found"), ONE, "shopee")
    assert missing is not None
    assert "plan with kept figures" in missing.detail
    assert again.refusal(Answer("accepted"), ONE, "shopee") is None
