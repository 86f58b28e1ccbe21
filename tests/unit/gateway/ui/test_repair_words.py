"""What was mended in an agent's answer is said in the reader's language, and what nobody knows is left as it is."""

from __future__ import annotations

import pytest

from gateway.ui import i18n
from gateway.ui.words.repair_words import ACTIONS, PROBLEMS, Said, said
from streams.analysis.agents.repairs import Action, Problem, Repairs


def test_every_phrase_of_an_event_has_words() -> None:
    assert set(Problem) == PROBLEMS
    assert set(Action) == ACTIONS


@pytest.mark.parametrize("phrase", sorted(PROBLEMS | ACTIONS))
def test_no_phrase_is_left_in_english(phrase: str) -> None:
    i18n.use("pt_BR")
    try:
        assert said(phrase).text != phrase
    finally:
        i18n.use("en")


def test_what_was_found_and_how_often_stands_beside_the_words() -> None:
    repairs = Repairs()
    for n in range(3):
        repairs.add(f"opportunities[{n}].priority", Problem.PRIORITY, Action.READ_AS, found="urgente", result="high")
        repairs.add(f"opportunities[{n}].x", Problem.UNKNOWN_FIELD, Action.DROPPED)
    priority, field = repairs.listed()

    assert said(priority.problem) == Said(Problem.PRIORITY, "urgente", 3)
    assert said(priority.action) == Said(Action.READ_AS, "high")
    assert said(field.problem) == Said(Problem.UNKNOWN_FIELD, "", 3)


def test_what_was_cut_off_the_list_is_counted() -> None:
    repairs = Repairs()
    for n in range(70):
        repairs.add(f"field{n}", Problem.UNKNOWN_FIELD, Action.DROPPED)

    assert said(repairs.listed()[-1].problem) == Said(Problem.MORE, "10")


def test_why_the_agent_was_asked_once_more_is_said_in_words() -> None:
    repairs = Repairs()
    repairs.add("answer", Problem.FIRST_ANSWER, Action.ASKED_AGAIN, found="no_json")

    assert said(repairs.listed()[0].problem).quoted == "the agent's answer cannot be read"


@pytest.mark.parametrize("text", ["the sky was green: 3", "", "no: such, phrase"])
def test_what_another_version_says_stays_as_it_is(text: str) -> None:
    assert said(text) == Said(text, foreign=True)
