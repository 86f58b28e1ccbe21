"""What the function of a session is made of, and what it is called with."""

from __future__ import annotations

import pytest

from projections.run.at_once import FENCED, SMALL, arguments, fits, function_of, question

ADVANCE = "update o from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[]) v (t) where p = $1"
STATEMENTS = {
    "one": "insert into one select * from unnest($1::uuid[], $2::int[]) v (a, b)",
    "two": "update two set c = v.c from unnest($1::jsonb[]) v (c) where two.c = any ($1::jsonb[])",
}
NAMES = {"one": ("a", "b"), "two": ("c",)}


def test_the_function_takes_the_parameters_of_all_its_statements_one_after_the_other() -> None:
    text = function_of(ADVANCE, STATEMENTS)

    kinds = "text, text[], int[], bigint[], bigint[], bigint[], uuid[], int[], jsonb[], text"
    assert text.startswith(f"create function pg_temp.write_at_once({kinds}) returns void")
    one, two = "unnest($7::uuid[], $8::int[]) v (a, b);", "unnest($9::jsonb[]) v (c) where two.c = any ($9::jsonb[]);"
    told = [ADVANCE, f"errcode = '{FENCED}'", "if $7 is not null", one, "if $9 is not null", two, "if $10 is not null"]
    places = [text.find(part) for part in told]
    assert -1 not in places
    assert places == sorted(places)


def test_a_statement_that_is_no_list_of_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="unnests no parameters"):
        function_of(ADVANCE, {"three": "select 1"})


def test_statements_without_rows_are_given_nothing() -> None:
    offsets = ["p", ["t"], [0], [1], [2], [0]]

    assert arguments(offsets, {"two": [["{}"]]}, NAMES, "n") == [*offsets, None, None, ["{}"], "n"]
    assert arguments(offsets, {"one": [["u"], [1]]}, NAMES, None) == [*offsets, ["u"], [1], None, None]


def test_the_question_has_as_many_parameters_as_it_is_given() -> None:
    assert question(3) == "select pg_temp.write_at_once($1, $2, $3)"


@pytest.mark.parametrize(
    ("folded", "fitting"),
    [
        ({}, True),
        ({"one": [1] * SMALL, "two": [1]}, True),
        ({"one": [1] * (SMALL + 1)}, False),
        ({"one": [1], "three": [1]}, False),
        ({"one": [1], "three": []}, True),
    ],
)
def test_a_batch_fits_that_is_small_and_of_these_statements_alone(
    folded: dict[str, list[int]], *, fitting: bool
) -> None:
    assert fits(folded, STATEMENTS) is fitting
