"""What clients saw of a plan can be explained by one order of all, or the check says why it cannot."""

from __future__ import annotations

import random
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.chaos.histories import Asked, Histories
from local.chaos.one_plan import Decision, Plan, Said, Shown, decided
from schemas.lifecycle import PlanAction as Action

PLAN = "a-plan"
KEEP, OTHER = Decision(Action.APPROVE, "approve"), Decision(Action.APPROVE, "approve-too")
REJECT, CANCEL = Decision(Action.REJECT, "reject"), Decision(Action.CANCEL, "cancel")
APPROVED = Said("accepted", "approved", 3)


@pytest.fixture
def seen() -> Histories:
    """Return the history of a plan that waits for approval and was read by somebody."""
    histories = Histories()
    histories.upload(PLAN).said(None)
    histories.read(PLAN, "reader").said(Shown("awaiting_approval", 2))
    return histories


def told(histories: Histories) -> str:
    (violation,) = histories.violations()
    assert violation.startswith(f"plan {PLAN}: history is not linearizable")
    return violation


def test_a_life_as_it_should_be_is_explained(seen: Histories) -> None:
    seen.decide(PLAN, KEEP).said(APPROVED)
    seen.decide(PLAN, KEEP).said(replace(APPROVED, replayed=True))
    seen.decide(PLAN, OTHER).said(Said("unchanged", "approved", 3))
    seen.read(PLAN, "reader", 3).said(Shown("awaiting_approval", 2, lag=True))
    seen.read(PLAN, "reader", 3).said(Shown("executing", 4))
    seen.decide(PLAN, CANCEL).said(Said("accepted", "cancelled", 5))

    assert seen.violations() == []
    assert (len(seen), seen.operations, seen.acknowledged(PLAN)) == (1, 8, 5)
    assert seen.decisions(PLAN) == [KEEP, OTHER, CANCEL]


def test_an_approval_that_was_acknowledged_and_lost_is_found(seen: Histories) -> None:
    seen.decide(PLAN, KEEP).said(APPROVED)
    seen.decide(PLAN, REJECT).said(Said("accepted", "rejected", 3))

    assert "Said(outcome='accepted', status='rejected', version=3" in told(seen)


def test_what_went_on_elsewhere_goes_on_with_what_was_before_for_some_plans_alone(seen: Histories) -> None:
    """As where a backup has the one plan and not what was asked of the other later."""
    seen.upload("another").said(None)
    seen.decide(PLAN, KEEP).said(APPROVED)
    restored = seen.only([PLAN, "nobody's"])
    assert (len(restored), restored.acknowledged(PLAN), restored.violations()) == (1, 3, [])

    restored.read(PLAN, "reader", 3).said(Shown("awaiting_approval", 2))
    assert "awaiting_approval" in told(restored)


def test_a_command_that_is_accepted_for_a_second_time_is_found(seen: Histories) -> None:
    seen.decide(PLAN, KEEP).said(APPROVED)
    seen.decide(PLAN, KEEP).said(APPROVED)

    told(seen)


def test_two_that_decide_at_once_are_not_both_the_first(seen: Histories) -> None:
    first, second = seen.decide(PLAN, KEEP), seen.decide(PLAN, REJECT)
    second.said(Said("accepted", "rejected", 3))
    first.said(APPROVED)

    told(seen)


def test_a_stale_read_after_an_acknowledged_write_is_found(seen: Histories) -> None:
    seen.decide(PLAN, KEEP).said(APPROVED)
    seen.read(PLAN, "reader", 3).said(Shown("awaiting_approval", 2))

    assert "read(3) -> Shown(status='awaiting_approval', version=2" in told(seen)


def test_a_read_that_goes_back_is_found(seen: Histories) -> None:
    seen.decide(PLAN, KEEP).said(APPROVED)
    seen.read(PLAN, "reader").said(Shown("approved", 3))
    seen.read(PLAN, "other reader").said(Shown("awaiting_approval", 2))

    told(seen)


def test_a_read_that_began_before_may_be_older(seen: Histories) -> None:
    began = seen.tick()
    seen.decide(PLAN, KEEP).said(APPROVED)
    seen.read(PLAN, "reader").said(Shown("approved", 3))
    seen.read(PLAN, "follower", since=began).said(Shown("awaiting_approval", 2))

    assert seen.violations() == []


def test_a_plan_that_was_accepted_and_is_not_there_is_found(seen: Histories) -> None:
    seen.read(PLAN, "reader").said(Shown("", 0))

    told(seen)


def test_what_nobody_answered_may_have_its_effect_later_or_never(seen: Histories) -> None:
    for _ in range(40):  # as a stubborn client asks
        seen.decide(PLAN, KEEP).failed(httpx.ReadTimeout("nobody answered"))
    never, unsent = seen.decide(PLAN, CANCEL), seen.decide(PLAN, REJECT)
    unsent.failed(httpx.ConnectError("nobody is there"))
    seen.read(PLAN, "reader").said(Shown("awaiting_approval", 2))
    seen.read(PLAN, "reader").said(Shown("approved", 3))
    assert seen.violations() == []

    seen.read(PLAN, "reader").said(Shown("rejected", 4))  # nobody was reached who could have done it

    told(seen)
    assert never.operation.status == "pending"


def test_an_approval_of_what_nobody_can_have_read_may_be_refused_and_no_other() -> None:
    histories = Histories()
    histories.upload(PLAN).said(None)
    histories.decide(PLAN, KEEP).said(Said("version_mismatch", "awaiting_approval", 2))
    assert histories.violations() == []

    histories.read(PLAN, "reader").said(Shown("awaiting_approval", 2))
    histories.decide(PLAN, KEEP).said(Said("version_mismatch", "awaiting_approval", 2))

    told(histories)


@pytest.mark.parametrize(
    ("status", "body", "headers", "wanted"),
    [
        (202, {"outcome": "accepted", "status": "approved", "version": 3}, {}, ("ok", APPROVED)),
        (
            202,
            {"outcome": "accepted", "status": "approved", "version": 3},
            {"Idempotent-Replayed": "true"},
            ("ok", replace(APPROVED, replayed=True)),
        ),
        (409, {"currentStatus": "rejected", "version": 3}, {}, ("ok", Said("wrong_status", "rejected", 3))),
        (412, {"currentStatus": "rejected", "version": 3}, {}, ("ok", Said("version_mismatch", "rejected", 3))),
        (404, {}, {}, ("ok", Said("not_found", "", 0))),
        (429, {}, {}, ("fail", None)),
        (503, {}, {}, ("info", None)),
        (500, {}, {}, ("info", None)),
    ],
)
def test_an_answer_says_what_is_known(
    status: int, body: dict[str, object], headers: dict[str, str], wanted: tuple[str, object], seen: Histories
) -> None:
    asked = seen.decide(PLAN, KEEP)
    asked.answered(httpx.Response(status, json=body, headers=headers))

    assert (asked.operation.status, asked.operation.output) == wanted


def test_many_violations_are_told_of_in_few_texts() -> None:
    histories = Histories()
    for number in range(8):
        histories.upload(f"plan-{number}").said(None)
        histories.read(f"plan-{number}", "reader").said(Shown("approved", 3))

    assert len(histories.violations()) == 6
    assert histories.violations()[-1] == "3 more plans are not linearizable"


class Server:
    """A server with one plan: each request takes effect at some moment between its question and its answer."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.histories = Histories()
        self.histories.upload(PLAN).said(None)
        self.plan = Plan().moved("analyzing", 1, 1)
        self.asked: list[tuple[Asked, Decision | None]] = []
        self.effects: list[tuple[Asked, Said | Shown]] = []

    def turn(self) -> None:
        """Let one thing happen: a question, an effect, an answer, or a step of the system."""
        match self.chance.randrange(4):
            case 0 if len(self.asked) + len(self.effects) < 4:
                decision = self.chance.choice([KEEP, KEEP, OTHER, REJECT, CANCEL, None])
                if decision is None:
                    begun = self.histories.read(PLAN, "reader", self.histories.acknowledged(PLAN))
                else:
                    begun = self.histories.decide(PLAN, decision)
                self.asked.append((begun, decision))
            case 1 if self.asked:
                asked, decision = self.asked.pop(self.chance.randrange(len(self.asked)))
                self.effects.append((asked, self.effect(decision)))
            case 2 if self.effects:
                asked, output = self.effects.pop(self.chance.randrange(len(self.effects)))
                if self.chance.random() < 0.2:
                    asked.failed(httpx.ReadTimeout("lost on its way back"))
                else:
                    asked.said(output)
            case 3 if self.plan.status in ("analyzing", "approved"):
                to = {"analyzing": "awaiting_approval", "approved": "executing"}[self.plan.status]
                self.plan = self.plan.moved(to, self.plan.version + 1, 0)

    def effect(self, decision: Decision | None) -> Said | Shown:
        if decision is None:
            return Shown(self.plan.status, self.plan.version)
        said, self.plan = decided(self.plan, decision)
        return said


@given(st.integers(0, 2**32))
def test_whatever_a_right_server_answers_is_explained(seed: int) -> None:
    server = Server(random.Random(seed))
    for _ in range(60):
        server.turn()

    assert server.histories.violations() == []


class Forgetful(Server):
    """A faulty server that forgets its answers, and decides a repeated request anew."""

    def effect(self, decision: Decision | None) -> Said | Shown:
        said = super().effect(decision)
        self.plan = replace(self.plan, kept=frozenset())
        return said


class Losing(Server):
    """A faulty server that loses a decision after it has answered it."""

    def effect(self, decision: Decision | None) -> Said | Shown:
        before, said = self.plan, super().effect(decision)
        self.plan = before if decision is not None else self.plan
        return said


class Lagging(Server):
    """A faulty server whose reads are sometimes old without saying so."""

    def effect(self, decision: Decision | None) -> Said | Shown:
        if decision is None and self.chance.random() < 0.3:
            return Shown("analyzing", 1)
        return super().effect(decision)


@pytest.mark.parametrize("kind", [Forgetful, Losing, Lagging])
def test_most_lives_with_a_wrong_server_are_found(kind: type[Server]) -> None:
    found = 0
    for seed in range(40):
        server = kind(random.Random(seed))
        for _ in range(250):
            server.turn()
        found += server.histories.violations() != []

    assert found > 20
