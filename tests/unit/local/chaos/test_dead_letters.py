"""Which dead letters a drill may leave: those of its poison, each once for each group that reads it, and no others."""

from __future__ import annotations

import pytest

from local.chaos.dead_letters import DeadLetter, wrong_letters

BAD = DeadLetter("plan.approved, undecodable: no such schema", poison=True)
GOOD = DeadLetter("plan.approved, ValueError: a bug", poison=False)


def test_poison_and_nothing_else_is_right() -> None:
    assert wrong_letters({"a": BAD, "b": BAD}, 2) == []
    assert wrong_letters({}, 0) == []


@pytest.mark.parametrize(
    ("new", "poison", "wrong"),
    [
        (
            {"a": GOOD},
            0,
            ["1 good records are dead letters, such as a (plan.approved, ValueError: a bug)"],
        ),
        ({"a": BAD}, 2, ["2 times poison was read, 1 dead letters came of it"]),
        # as many letters as poison, and yet one of it was dropped without a word, and a good record died
        (
            {"a": BAD, "b": GOOD},
            2,
            [
                "1 good records are dead letters, such as b (plan.approved, ValueError: a bug)",
                "2 times poison was read, 1 dead letters came of it",
            ],
        ),
    ],
)
def test_what_is_wrong_is_said(new: dict[str, DeadLetter], poison: int, wrong: list[str]) -> None:
    assert wrong_letters(new, poison) == wrong
