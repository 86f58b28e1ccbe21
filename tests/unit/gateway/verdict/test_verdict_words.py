"""Every kind of finding and all that is said of a plan is worded: cause, evidence, next step, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.ui import i18n
from gateway.ui.formats import SPEECH
from gateway.ui.words import finding_looks, sentences
from gateway.verdict.finding import Finding, Scalar
from gateway.verdict.judge import judge
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.languages import speech
from gateway.verdict.plan import VALUES, WRONG, PlanKind, PlanVerdict
from gateway.verdict.traits import Effect
from gateway.verdict.words import findings, plans, terms
from gateway.verdict.words.findings import say
from gateway.verdict.words.headline import CLEAR, Clear, headline
from gateway.verdict.words.plans import say_plan
from gateway.verdict.words.say import LONGEST_REASON, Said
from projections.reads.overview import Overview, Waiting
from projections.reads.processes import ROLES
from schemas.causes import ASK_A_PERSON, CAUSES
from schemas.lifecycle import PlanStatus
from tests.unit.gateway.verdict.examples import EXAMPLES, NOW, QUIET, finding, letters, sample, seen

LOCALES = list(i18n.LOCALES)
ICONS = set(re.findall(r'symbol id="([\w-]+)"', (Path(i18n.__file__).parent / "static" / "icons.svg").read_text()))
ALL_CLEAR = ("All flowing", "All quiet", "Ready for", "Tudo fluindo", "Tudo calmo", "Pronto para")


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use(request.param)
    yield request.param
    i18n.use("en")


def complete(said: Said, values: dict[str, Any], *parts: str) -> None:
    for part in parts:
        text = getattr(said, part)
        assert text, part
        assert not re.search(r"%\(|<>|  |\.\.|^\s|\s$", text), text
    for name, value in values.items():
        if isinstance(value, str) and value.startswith("<"):
            assert value in f"{said.whole} {said.advice}", name


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_said_with_cause_evidence_and_next_step(kind: Kind, locale: str) -> None:
    found = finding(kind)
    said, english = say(found, SPEECH), say(found)

    complete(said, dict(found.values), "text", "evidence", "advice")
    if locale != "en":
        assert said.text != english.text
        assert said.evidence != english.evidence
        assert said.advice != english.advice


@pytest.mark.parametrize("kind", PlanKind)
def test_whatever_happens_to_a_plan_is_said(kind: PlanKind, locale: str) -> None:
    because = finding(Kind.BROKER_AWAY) if kind in (PlanKind.PHASE1_HELD_UP, PlanKind.ANALYSIS_HELD_UP) else None
    verdict = PlanVerdict(kind, sample(VALUES[kind]), NOW, because=because)
    said = say_plan(verdict, SPEECH)

    complete(said, dict(verdict.values), "text", "advice")
    if verdict.wrong and kind not in (PlanKind.TASKS_FAILED, PlanKind.TASKS_OVERDUE):
        complete(said, {}, "evidence")
    assert ("moment" in say_plan(verdict).advice) is (kind is PlanKind.PHASE1)
    shown = sentences.of_plan(verdict)
    assert (shown.text.striptags(), bool(shown.link)) == (said.text, bool(shown.action))


@pytest.mark.parametrize("kind", [kind for kind in Kind if TRAITS[kind].effect is not Effect.NOTE])
def test_the_headline_is_a_finding_where_there_is_one(kind: Kind, locale: str) -> None:
    verdict = judge(EXAMPLES[kind])
    line = headline(verdict, SPEECH)

    assert line.about is verdict.findings[0]
    assert not line.text.startswith(ALL_CLEAR)
    page = sentences.of_verdict(verdict)
    assert (page.text.striptags(), page.tone) == (line.text, finding_looks.tone(verdict.findings[0]))
    assert page.advice
    assert bool(page.link) == bool(page.action)
    assert (page.since, page.as_of) == (verdict.findings[0].since, NOW)


def test_a_note_is_no_headline_and_is_listed_where_notes_are_asked_for(locale: str) -> None:
    verdict = judge(EXAMPLES[Kind.ALERTS_UNTOLD])

    assert headline(verdict, SPEECH).text.startswith(ALL_CLEAR)
    assert sentences.needs(verdict) == []
    assert [need.tone for need in sentences.notes(verdict)] == ["off"]


def test_what_needs_somebody_is_listed_the_system_before_the_business(locale: str) -> None:
    overview = replace(QUIET, empty_plans=2, tasks={"failed": Waiting(1, 9.0)}, aside=letters(20, 0, 9.0).aside)
    verdict = judge(seen(overview, relay="off"))

    listed = sentences.needs(verdict)

    assert [need.text.striptags() for need in listed] == [say(f, SPEECH).text for f in verdict.findings]
    assert [need.key.rstrip("-") for need in listed] == [
        Kind.RELAY_OFF,
        Kind.DEAD_LETTERS,
        Kind.TASKS_FAILED,
        Kind.PLANS_EMPTY,
    ]
    assert all(need.link and need.action and need.advice for need in listed)
    assert [bool(need.begins) for need in listed] == [True, False, True, False]
    assert listed[1].runbook == "/runbooks/dead-letters"


def test_a_list_of_one_kind_needs_no_heads(locale: str) -> None:
    verdict = judge(seen(replace(QUIET, empty_plans=2)))

    assert [need.begins for need in sentences.needs(verdict)] == [""]


def waiting_plans(overview: Overview) -> Overview:
    return replace(overview, plans={PlanStatus.AWAITING_APPROVAL: Waiting(2, 240.0)})


def test_plans_that_wait_for_a_decision_are_listed_beside_what_is_wrong(locale: str) -> None:
    system = judge(seen(waiting_plans(QUIET), relay="off"))
    business = judge(seen(waiting_plans(replace(QUIET, empty_plans=1))))

    listed = sentences.needs_of_all(system)
    assert [need.key for need in listed] == [f"{Kind.RELAY_OFF}-", "waiting"]
    assert [bool(need.begins) for need in listed] == [True, True]
    assert listed[1].link.startswith("/plans?status=awaiting_approval")
    assert "2" in listed[1].text.striptags()
    assert [need.begins for need in sentences.needs_of_all(business)] == ["", ""]


def test_plans_that_wait_are_said_once(locale: str) -> None:
    well = judge(seen(waiting_plans(QUIET)))
    late = judge(seen(replace(waiting_plans(QUIET), decisions_late=Waiting(1, 90_000.0)), relay="off"))

    assert sentences.needs_of_all(well) == [], "the headline says it"
    assert [need.key for need in sentences.needs_of_all(late)] == [f"{Kind.RELAY_OFF}-", f"{Kind.DECISIONS_LATE}-"]


def test_tables_are_complete() -> None:
    """A new kind without words or a look fails here."""
    assert set(findings.WORDS) == set(TRAITS) == set(finding_looks.FINDINGS) == set(Kind)
    assert set(plans.WORDS) == set(VALUES) == set(finding_looks.PLANS) == set(PlanKind)
    assert set(CLEAR) == set(finding_looks.CLEAR) == set(Clear)
    assert set(terms.ROLES) == set(ROLES)
    icons = {icon for icon, _ in finding_looks.FINDINGS.values()}
    icons |= {icon for _, icon, _ in (*finding_looks.PLANS.values(), *finding_looks.CLEAR.values())}
    assert icons <= ICONS
    assert {PlanKind.ESCALATED, PlanKind.STALLED, PlanKind.RECOVERING} < WRONG


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_is_said_in_both_languages_and_what_waits_for_a_person_is_not_said_to_heal(
    cause: str, locale: str
) -> None:
    values: dict[str, Scalar] = {"cause": cause, "age": 9.0, "attempts": 1, "action": "wait"}
    for kind, in_words in (
        (PlanKind.RECOVERING, {"en": "recovering by itself", "pt_BR": "se recuperando"}),
        (PlanKind.STALLED, {"en": "It begins by itself", "pt_BR": "Ela começa sozinha"}),
    ):
        said = say_plan(PlanVerdict(kind, values, NOW), SPEECH)
        assert (in_words[locale] in said.advice) is (cause not in ASK_A_PERSON)
        assert cause not in said.whole


def test_evidence_that_says_more_gives_other_advice() -> None:
    values: dict[str, Scalar] = {"cause": "event-held", "age": 9.0, "attempts": 0, "action": ""}
    held = PlanVerdict(
        PlanKind.ESCALATED, values, NOW, evidence={"held": "plan.approved: Invalid", "outbox_seq": "1734"}
    )
    assert say_plan(held).advice.startswith("Mend it with `marketplace outbox edit 1734`")
    back = PlanVerdict(PlanKind.STALLED, {**values, "cause": "breaker-open"}, NOW, evidence={"held_back": "100 % sure"})
    assert "on purpose (100 % sure)" in say_plan(back).advice


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.BROKER_AWAY, "The broker is away."),
        (Kind.ROLE_MISSING, "No worker runs: uploads are not handed out and Phase 1 is made by the watchdog only."),
        (Kind.PROCESS_SILENT, "The runner 7 on host has said nothing for 9 s."),
        (Kind.BREAKER_OPEN, "The circuit breaker agent:x/m is open until 12:00:00 UTC: HTTP 503."),
        (Kind.BREAKER_TRIPPED, "The circuit breaker agent:x/m is open until it is reset: HTTP 503."),
        (Kind.FLAG_OFF, "Queue processing is switched off by Ana."),
        (Kind.PLANS_STALLED, "1 plan is stalled: no worker runs."),
        (
            Kind.PLANS_ESCALATED,
            "2 plans are stalled: no worker runs. Automatic recovery has not helped: a person must look.",
        ),
        (
            Kind.RECORDS_FORGED,
            "2 records in the log are not believed: no process of this system has written them as they are.",
        ),
        (Kind.EVENTS_SET_ASIDE, "4 events are set aside: their streams wait behind them."),
        (Kind.EVENTS_CHANGED, "2 events in the outbox are not as they were decided, and are not sent."),
        (Kind.DEAD_LETTERS, "5 dead letters wait for a decision, the oldest for 2 h."),
        (Kind.DEAD_LETTERS_GROWING, "40 dead letters wait for a decision, 12 of them came within the last 5 min."),
        (Kind.PHASE1_LATE, "7 approved plans wait for tasks, the oldest for 4.1 s."),
        (
            Kind.COMMANDS_REFUSED,
            "The database can be read, but does not store commands.",
        ),
    ],
)
def test_examples(kind: Kind, text: str) -> None:
    assert say(judge(EXAMPLES[kind]).findings[0]).text == text


@pytest.mark.parametrize("kind", [Kind.BROKER_AWAY, Kind.REGISTRY_AWAY, Kind.COMMANDS_REFUSED])
def test_what_a_client_said_is_evidence_and_no_headline(kind: Kind) -> None:
    """It is in the words of whoever wrote the client, whatever the reader's language is."""
    raw = "KafkaConnectionError: Unable to bootstrap from b.example.com:9093"
    found = finding(kind)
    for language in ("en", "pt_BR"):
        said = say(Finding(kind, {**found.values, "reason": raw}), speech(language))
        assert (raw in said.text, raw in said.evidence) == (False, True)


def test_of_many_letters_it_is_said_when_the_last_came_and_nothing_of_a_cause_that_nobody_saw() -> None:
    """A burst that is over and one that goes on look alike: what is advised is right for both."""
    said = say(judge(EXAMPLES[Kind.DEAD_LETTERS_GROWING]).findings[0])
    assert said.evidence == "The latest came 2 min ago, the oldest 2 h ago."
    assert said.advice.startswith("Mend the cause before anything is replayed")
    assert "still" not in said.whole + said.advice


def test_what_opened_by_itself_is_not_said_to_wait_for_a_person() -> None:
    found = finding(Kind.BREAKER_OPEN)
    never = type(found)(found.kind, {**found.values, "until": None})
    assert "reset" not in say(never).text


def test_what_restarts_by_itself_is_not_said_to_be_started_first() -> None:
    for kind in (Kind.ROLE_MISSING, Kind.WATCHDOG_MISSING):
        assert say(finding(kind)).advice.startswith("Its supervisor starts it again")
    assert say(finding(Kind.BROKER_AWAY)).advice.startswith("It comes back by itself")


def test_what_a_server_answered_at_length_is_cut_in_a_sentence() -> None:
    long = Finding(
        Kind.WEBHOOK_FAILING, {**finding(Kind.WEBHOOK_FAILING).values, "reason": "HTTP 503: " + "no upstream " * 40}
    )
    said = say(long).text
    assert said.endswith("….")
    assert len(said) < LONGEST_REASON + 80
    short = Finding(Kind.WEBHOOK_FAILING, {**long.values, "reason": "HTTP 503: no upstream . "})
    assert say(short).text.endswith("HTTP 503: no upstream.")
