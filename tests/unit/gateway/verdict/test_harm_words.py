"""What was late or failed while an alert lasted, in a sentence of either language."""

from __future__ import annotations

import pytest

from gateway.alerts import words
from gateway.verdict.kinds import Kind
from gateway.verdict.words.harm import UNKNOWN, counted, said
from projections.reads.harm import Harm


def test_what_is_nothing_is_said_to_be_nothing_and_what_is_unknown_is_no_nothing() -> None:
    nothing = said(Harm(), Kind.ROLE_MISSING, "worker")
    assert nothing == (
        "While it lasted, in the whole system: no plan stalled, no approval waited longer than 5 s for its tasks,"
        " and nothing failed for good."
    )
    assert said(None, Kind.ROLE_MISSING, "worker") == UNKNOWN
    assert said(Harm(), Kind.ROLE_MISSING, "worker", over=False).startswith("Since it began, in the whole system: no")


def test_each_count_is_said_by_one_and_by_many() -> None:
    one = Harm(1, 1, 1, 38.0, 38.0, 1, 1, 1, 1)
    assert said(one, Kind.ROLE_MISSING, "worker") == (
        "While it lasted, in the whole system: 1 plan stalled; 1 approval waited 38 s for its tasks; 1 task came late;"
        " 1 approval still waits for its tasks; 1 analysis of a channel failed; 1 record became a dead letter;"
        " 1 event is still set aside."
    )
    many = said(Harm(2, 3, 2, 90.0, 60.0, 9, 2, 2, 2), Kind.ROLE_MISSING, "worker", words.speech("pt_BR"))
    assert many.startswith("Enquanto durou, em todo o sistema: 2 planos pararam; 3 aprovações esperaram 1 min ao todo")
    assert "no máximo 1 min; 9 tarefas chegaram atrasadas" in many


@pytest.mark.parametrize(
    ("kind", "subject", "refuses"),
    [
        (Kind.DATABASE_AWAY, "", True),
        (Kind.COMMANDS_REFUSED, "", True),
        (Kind.ROLE_MISSING, "gateway", True),
        (Kind.ROLE_MISSING, "worker", False),
        (Kind.BROKER_AWAY, "", False),
    ],
)
def test_where_people_could_not_get_in_that_is_said(kind: Kind, subject: str, refuses: bool) -> None:
    """A request that was refused is no event: a count of none is no proof that nobody was kept out."""
    assert said(Harm(), kind, subject).endswith("are not counted.") is refuses


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.BROKER_AWAY, True),
        (Kind.PLANS_STALLED, True),
        (Kind.TASKS_FAILED, False),
        (Kind.DECISIONS_LATE, False),
        ("of-a-later-version", False),
    ],
)
def test_it_is_counted_of_what_the_system_is_not_well_with(kind: str, told: bool) -> None:
    assert counted(kind) is told
