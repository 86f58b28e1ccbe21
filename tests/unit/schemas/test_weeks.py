"""How long a phase takes is read from its weeks where they are plain; otherwise nobody knows it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.plan import FALLBACK_WEEKS
from schemas.weeks import days_of, due_on
from streams.analysis.rules.phases import _NAMES


@pytest.mark.parametrize(
    ("weeks", "days"),
    [
        ("Semanas 1-4", 28),
        ("Semanas 5-8", 28),
        ("semanas 1 a 2", 14),
        ("Semanas 1 \u2013 3", 21),
        ("Semana 1 até a semana 2", None),  # more words than are known
        ("Semana 1 a semana 2", 14),
        ("Semana 5", 7),
        ("Weeks 2 to 3", 14),
        ("Sem. 1-2", 14),
        ("4 semanas", 28),
        ("1 semana", 7),
        ("2-4 weeks", 28),
        ("2 a 4 semanas", 28),
        ("em 30 dias", 30),
        ("within 10 days", 10),
        ("", None),
        ("4", None),
        ("1-4", None),
        ("em breve", None),
        ("Mês 1", None),
        ("Semanas 4-1", None),
        ("Semana 0", None),
        ("0 semanas", None),
        ("8-4 semanas", None),
        ("999 semanas", None),
        ("Semanas 1-4 e 6-8", None),
        ("Semanas 1-4 (2 semanas de teste)", None),
        ("2026 semanas", None),
    ],
)
def test_the_days_of_a_phase(weeks: str, days: int | None) -> None:
    assert days_of(weeks) == days


def test_what_the_rules_write_is_plain() -> None:
    assert {days_of(weeks) for weeks in (FALLBACK_WEEKS, *(weeks for _, weeks in _NAMES.values()))} == {28}


def test_the_day_counts_from_the_beginning_of_the_phase() -> None:
    begun = int(datetime(2026, 12, 20, 23, 59, tzinfo=UTC).timestamp() * 1_000_000)
    assert due_on("Semanas 5-8", begun) == "2027-01-17"
    assert due_on("logo", begun) is None
