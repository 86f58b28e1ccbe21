"""Times, money, states and events in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.intake.layouts import LAYOUTS
from gateway.ui import amounts, formats, i18n, states
from gateway.ui.words import lifecycle_words, wording
from gateway.ui.words.lifecycle_words import PLAN_BUTTONS, TASK_DONE, done
from schemas.causes import RECOMMENDATIONS
from schemas.lifecycle import RULES, PlanAction, PlanStatus, TaskAction, TaskStatus
from schemas.phase1 import Plan, phase1_of
from schemas.plan import PRIORITIES
from schemas.rules import Role
from schemas.typed.parts import GivenPhase1Data, OpportunityData, PhaseData, PhaseTaskData

NOW = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
ROOT = Path(__file__).parents[4]
UI = Path(i18n.__file__).parent


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(formats, "now", lambda: NOW)
    i18n.use("en")
    yield
    i18n.use("en")


@pytest.mark.parametrize(
    ("seconds", "english", "portuguese"),
    [
        (-5, "just now", "agora mesmo"),
        (0.4, "just now", "agora mesmo"),
        (59.9, "59 s ago", "há 59 s"),
        (60, "1 min ago", "há 1 min"),
        (7199, "1 h ago", "há 1 h"),
        (86400 * 3, "3 d ago", "há 3 d"),
    ],
)
def test_ago(seconds: float, english: str, portuguese: str) -> None:
    """One unit, rounded down; a clock that is ahead of ours is `just now`."""
    at = NOW - timedelta(seconds=seconds)
    said = formats.ago(at)
    i18n.use("pt_BR")

    assert (said, formats.ago(at)) == (english, portuguese)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0384, "38 ms"), (-1, "0 ms"), (2.44, "2.4 s"), (61, "1 min"), (90000, "1 d")]
)
def test_span(seconds: float, text: str) -> None:
    """Short times keep their precision."""
    assert formats.span(seconds) == text
    assert formats.span(timedelta(seconds=seconds)) == text


def test_a_time_has_its_exact_moment() -> None:
    """The relative words carry the machine's time and, on hover, the exact one in UTC."""
    tag = formats.time_tag(NOW - timedelta(minutes=3))

    assert 'datetime="2026-05-04T11:57:00.123456+00:00"' in tag
    assert 'title="2026-05-04 11:57:00.123 UTC"' in tag
    assert "3 min ago" in tag


@pytest.mark.parametrize("locale", ["en", "pt_BR"])
def test_money_is_brazilian_in_both_languages(locale: str) -> None:
    """Reais are always written as Brazilians write them."""
    i18n.use(locale)

    assert amounts.brl(-1234.5).replace("\xa0", " ") in {"-R$ 1.234,50", "R$ -1.234,50"}
    assert amounts.figure(0.1844, "ratio") == ("18.4%" if locale == "en" else "18,4%")
    assert amounts.brl(None) == ""


def test_money_of_another_or_an_unknown_currency_is_not_told_as_reais() -> None:
    i18n.use("pt_BR")

    assert amounts.figure(1234.5, "INR") == "INR 1.234,50"
    assert amounts.figure(1234.5, "money") == "1.234,50"
    assert amounts.figure(3, "count") == "3"


@pytest.mark.parametrize(
    ("octets", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_482_233, "1.5 MB"), (5e9, "5,000 MB")]
)
def test_size(octets: int, text: str) -> None:
    assert formats.size(octets) == text


def test_every_state_has_a_look() -> None:
    """Each state of the read models has a colour, an icon and a word of its own."""
    assert set(lifecycle_words.PLAN) == set(PlanStatus)
    assert set(lifecycle_words.TASK) == set(TaskStatus)
    assert set(states.PRIORITY) == set(PRIORITIES)
    assert states.look("plan", "from-the-future").word == "from-the-future"


def test_every_command_has_words() -> None:
    """Each action on a plan has its button, and each command says what it has done."""
    assert set(PLAN_BUTTONS) == set(PlanAction)
    assert set(TASK_DONE) == set(TaskAction)
    assert all(done(command) for command in RULES)


def test_every_role_has_a_word() -> None:
    assert set(states.ROLE) == set(Role)


def test_every_event_has_words() -> None:
    """Each event of plans and tasks in the schemas is a sentence, whatever its data lacks."""
    known = [p.name.rsplit(".", 2)[0] for p in (ROOT / "schemas" / "avro").glob("*.avsc")]
    shown = [name for name in known if name.startswith(("plan.", "task."))]

    assert len(shown) >= 20
    for name in shown:
        icon, _, text = wording.event(name, {})
        assert text != name
        assert f'id="{icon}"' in (UI / "static" / "icons.svg").read_text()
    assert wording.event("plan.new.thing", {})[2] == "plan.new.thing"


def test_every_rule_of_phase_1_has_words() -> None:
    """Whichever way Phase 1 was made, the page explains it."""

    def chosen(priority: str) -> OpportunityData:
        return {
            "id": "x",
            "channel": "shopee",
            "title": "t",
            "what": "w",
            "priority": priority,
            "worth_brl": None,
            "evidence": [],
        }

    plan: Plan = {"channels": ["shopee"], "phases": [], "opportunities": []}
    task: PhaseTaskData = {"title": "t", "what": "w", "channel": "shopee", "priority": "high"}
    phase: PhaseData = {"number": 1, "name": "", "weeks": "", "investment": "", "expected_impact": "", "tasks": [task]}
    made = [phase1_of(plan), phase1_of({**plan, "phases": [phase]})]
    made += [phase1_of({**plan, "opportunities": [chosen(p)]}) for p in PRIORITIES]

    assert len({m.rule for m in made}) == 5
    assert {m.rule for m in made} == set(wording.RULES) == set(wording.RULES_AHEAD)
    assert len({wording.rule_ahead(m.rule) for m in made}) == 5
    assert {m.origin for m in made} <= set(states.ORIGIN)
    assert "brand-new" in wording.rule("brand-new")


def test_a_phase_1_that_a_person_gave_names_the_person() -> None:
    """Who overrode the rules is said where the tasks are, and how many there are where the approval is."""
    given: GivenPhase1Data = {
        "name": "",
        "weeks": "",
        "investment": "",
        "expected_impact": "",
        "tasks": [],
        "reason": "pressa",
    }
    made = phase1_of({"channels": ["shopee"], "phases": [], "opportunities": [], "phase1": given}, "ana.souza")

    assert wording.rule(made.rule).startswith("ana.souza gave these tasks")
    assert made.origin in states.ORIGIN
    said = wording.event("plan.approved", {"phase1": {"tasks": [{}, {}]}, "reason": "pressa"})[2]
    assert said == "Plan approved, with 2 tasks given by hand: pressa"
    assert wording.event("plan.approved", {"phase1": None, "reason": ""})[2] == "Plan approved"


def test_json_is_readable() -> None:
    """Event data is indented and keeps its letters."""
    text = formats.pretty_json({"título": ["ação"], "at": NOW})

    assert json.loads(text)["título"] == ["ação"]
    assert "\n" in text


@pytest.mark.parametrize(
    ("seconds", "english", "portuguese"),
    [(21, "in 21 s", "em 21 s"), (0.2, "in 1 s", "em 1 s"), (61, "in 1 min", "em 1 min"), (-3, "now", "agora")],
)
def test_what_is_to_come_says_in_how_long(seconds: float, english: str, portuguese: str) -> None:
    """The exact time stands on hover."""
    at = NOW + timedelta(seconds=seconds)
    said = str(formats.until(at))
    i18n.use("pt_BR")

    assert f">{english}</time>" in said
    assert f'title="{formats.exact(at)}"' in said
    assert f">{portuguese}</time>" in str(formats.until(at))


def test_a_verdict_says_its_age() -> None:
    assert ">As of 3 s ago</time>" in str(formats.as_of(NOW - timedelta(seconds=3)))


def test_causes_and_recoveries_of_a_history_are_words_in_portuguese_too() -> None:
    """A code is no sentence, and no part of one is of another language."""
    i18n.use("pt_BR")

    def said(type_: str, **data: str) -> str:
        return wording.event(type_, data)[2]

    assert said("plan.stalled", cause="worker-gone") == "Parado: nenhum worker em execução"
    assert said("plan.stalled") == "Parado: causa desconhecida"
    assert "redeliver" in said("plan.recovery.started", action="redeliver"), "of an earlier version: as it was written"
    assert said("plan.recovery.started", action="request-again").startswith("Recuperação iniciada: ")
    advice = RECOMMENDATIONS["broker-away"]
    told = said("plan.escalated", recommendation=advice, cause="broker-away")
    assert "marketplace logs broker" in told
    assert "comes back" not in told
    assert (
        said("plan.escalated", recommendation="An advice of tomorrow")
        == "Uma pessoa precisa olhar: An advice of tomorrow"
    )
    assert "worker" in said("plan.escalated", cause="worker-gone")


def test_every_layout_has_a_name_in_words() -> None:
    assert {layout.name for layout in LAYOUTS} <= set(wording.LAYOUTS)


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("Ana", "Ana"),
        ("system:phase1", "sistema: Fase 1"),
        ("system:watchdog", "sistema: Vigia"),
        ("system:a-later-part", "sistema: a-later-part"),
    ],
)
def test_who_acted_is_said_in_the_language_of_the_page(actor: str, said: str) -> None:
    i18n.use("pt_BR")
    assert wording.actor(actor) == said
