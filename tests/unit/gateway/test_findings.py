"""What is wrong, in words and in order, each with what helps; and the one sentence that the pages make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from gateway.operations.findings import find, notices
from gateway.shapes.system import BrokerHealth
from gateway.ui import i18n
from gateway.ui.words.system_sentences import of_operations
from projections.reads.operations import Breaker, Flag, Operations, Stuck
from projections.reads.overview import Aside, Outbox, Overview, ProjectionLag, Undecided, Waiting
from projections.reads.processes import ROLES, Process

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
QUIET = Overview({}, {}, Waiting(0, 0.0), 0, Outbox(0, 0.0), ProjectionLag(0, 0.0, None))
BROKER = BrokerHealth(reachable=True, relay="publishing")


def process(role: str, **changed: Any) -> Process:
    made = Process(f"{role}-1", role, "host", 7, "1", NOW, 0.2, True, {"handled": 3})
    return replace(made, **changed)


def breaker(name: str, state: str = "open", retry_at: datetime | None = NOW) -> Breaker:
    return Breaker(name, state, 5, NOW, retry_at, "HTTP 503", False, NOW)


WELL = Operations(
    processes=[process(role) for role in ROLES],
    breakers=[breaker("agent:x/m", "closed")],
    flags=[Flag("queue_processing", True, "", "", NOW)],
)
STUCK = Stuck(uuid4(), "t", "phase1", "approved", NOW, NOW, 4.0, "worker-gone", "Start a worker.", 1, None, {})


@pytest.fixture(autouse=True)
def in_english() -> None:
    i18n.use("en")


def texts(operations: Operations, **changed: Any) -> list[str]:
    return [f.text for f in find(BROKER.model_copy(update=changed), QUIET, operations)]


def test_nothing_is_said_where_nothing_is_wrong() -> None:
    assert find(BROKER, QUIET, WELL) == []
    assert of_operations(WELL) is None


@pytest.mark.parametrize(
    ("operations", "finding", "sentence"),
    [
        (
            replace(WELL, breakers=[breaker("broker", retry_at=None)]),
            "The broker is away (HTTP 503).",
            "The broker is away. Work goes on without it",
        ),
        (
            replace(WELL, processes=[process(r) for r in ROLES if r != "worker"]),
            "No worker runs: uploads are not handed out",
            "Not running: Worker.",
        ),
        (
            replace(WELL, processes=[*WELL.processes, process("runner", silent_seconds=9.0)]),
            "The runner 7 on host has said nothing for 9 s.",
            None,
        ),
        (
            replace(WELL, breakers=[breaker("agent:x/m")]),
            "The circuit breaker agent:x/m is open until 12:00:00 UTC: HTTP 503.",
            "Calls are held back: agent:x/m.",
        ),
        (
            replace(WELL, breakers=[breaker("agent:x/m", retry_at=None)]),
            "The circuit breaker agent:x/m is open until it is reset",
            "Calls are held back",
        ),
        (
            replace(WELL, breakers=[breaker("agent:x/m", "half_open")]),
            "The circuit breaker agent:x/m tries again",
            "Calls are held back",
        ),
        (
            replace(WELL, flags=[Flag("queue_processing", False, "", "Ana", NOW)]),
            "Queue processing is switched off by Ana.",
            "Switched off: Queue processing.",
        ),
        (
            replace(WELL, stuck=[STUCK], stuck_by_cause={"worker-gone": 1}),
            "1 plan is stuck: worker-gone.",
            "1 plan is stuck: no worker runs.",
        ),
        (
            replace(WELL, stuck=[STUCK], stuck_by_cause={"worker-gone": 3}, escalated=2),
            "Automatic recovery has not helped 2 of them",
            "3 plans are stuck: no worker runs. Automatic recovery has not helped",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_helps(operations: Operations, finding: str, sentence: str | None) -> None:
    found = find(BROKER, QUIET, operations)
    assert any(f.text.startswith(finding) for f in found), [f.text for f in found]
    assert all(f.recommendation for f in found)
    said = of_operations(operations)
    assert (said is None) is (sentence is None)
    if said is not None and sentence is not None:
        assert said.text.startswith(sentence)
        assert said.advice
        assert (said.link, bool(said.action)) == ("/system", True)


def test_a_plans_own_breaker_is_no_news_for_everybody() -> None:
    one = replace(WELL, breakers=[breaker("plan:1")])
    assert texts(one) == []
    assert of_operations(one) is None


@pytest.mark.parametrize("state", ["open", "half_open"])
def test_a_breaker_whose_time_is_over_is_no_news_until_somebody_calls(state: str) -> None:
    over = replace(WELL, breakers=[replace(breaker("agent:x/m", state), next_call_probes=True)])
    assert texts(over) == []
    assert of_operations(over) is None


@pytest.mark.parametrize(
    ("forced", "finding", "sentence"),
    [
        (False, "until 10 s after a plan's deadline", "goes on without what is missing"),
        (True, "plans wait for it past their deadlines", "the plans wait for that"),
    ],
)
def test_what_becomes_of_what_is_held_back_is_said_as_it_is(forced: bool, finding: str, sentence: str) -> None:
    held = replace(WELL, breakers=[replace(breaker("agent:x/m"), forced=forced)])

    assert [finding in f.recommendation for f in find(BROKER, QUIET, held)] == [True]
    said = of_operations(held)
    assert said is not None
    assert sentence in said.advice


def test_before_anybody_has_said_anything_nobody_is_missing() -> None:
    assert texts(Operations()) == []
    assert of_operations(Operations()) is None


def test_without_the_database_that_alone_is_said() -> None:
    [finding] = find(BROKER, None, None)
    assert "The database does not answer" in finding.text


def test_the_broker_is_said_to_be_away_once() -> None:
    away = replace(WELL, breakers=[breaker("broker", retry_at=None)])
    assert len(texts(away, relay="failing", failing_seconds=7.0)) == 1
    assert len(texts(WELL, relay="failing", failing_seconds=7.0)) == 1


def test_a_database_that_stores_nothing_comes_first() -> None:
    found = find(BROKER.model_copy(update={"relay": "off"}), QUIET, WELL, "DiskFullError: No space left on device")

    assert found[0].text == (
        "The database can be read, but does not store commands (DiskFullError: No space left on device)."
    )
    assert "disk" in found[0].recommendation
    assert len(found) == 2


@pytest.mark.parametrize(("held", "begins"), [(1, "1 event is set aside"), (4, "4 events are set aside")])
def test_events_that_are_set_aside_are_found_and_say_what_to_do(held: int, begins: str) -> None:
    seen = replace(QUIET, outbox=Outbox(0, 0.0, held, 1734))

    [finding] = find(BROKER, seen, WELL)

    assert finding.text.startswith(begins)
    assert "`marketplace outbox edit 1734`" in finding.recommendation


@pytest.mark.parametrize(
    ("seen", "begins"),
    [
        (replace(QUIET, plans_without_phase1=Waiting(1, 3.4)), "1 approved plan waits for tasks, the oldest for 3 s."),
        (replace(QUIET, plans_without_phase1=Waiting(7, 4.1)), "7 approved plans wait for tasks, the oldest for 4 s."),
        (replace(QUIET, outbox=Outbox(2, 3.2)), "2 commands wait in the outbox"),
        (replace(QUIET, projection=ProjectionLag(9, 3.2, None)), "What is shown is behind by 9 events"),
    ],
)
def test_what_waits_is_told_while_it_has_not_waited_for_five_seconds(seen: Overview, begins: str) -> None:
    """Also where everything moves: a plan that queues is no stuck plan, and somebody waits for it all the same."""
    [finding] = find(BROKER, seen, WELL)

    assert finding.text.startswith(begins)


def test_what_is_on_its_way_is_no_news() -> None:
    plans = {"analyzing": Waiting(2, 90.0)}
    seen = replace(QUIET, plans=plans, plans_without_phase1=Waiting(7, 1.4), outbox=Outbox(2, 1.2))

    assert find(BROKER, seen, WELL) == []


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        (Undecided(1, 0, 61.4), "1 dead letter waits for a decision, for 61 s."),
        (
            Undecided(5000, 2, 7.0),
            "5002 dead letters wait for a decision, the oldest for 7 s. 2 of them came back three times.",
        ),
    ],
)
def test_dead_letters_ask_for_a_person_and_are_no_finding(letters: Undecided, text: str) -> None:
    seen = replace(QUIET, aside=Aside(letters))

    assert find(BROKER, seen, WELL) == []
    (notice,) = notices(seen)
    assert notice.text == text
    assert "marketplace dead groups" in notice.recommendation


def test_nobody_is_asked_where_no_letter_waits_or_nothing_can_be_read() -> None:
    assert notices(QUIET) == []
    assert notices(None) == []
