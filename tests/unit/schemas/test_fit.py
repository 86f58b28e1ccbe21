"""Whether a record fits its schema: all of its texts are asked by one question, and what is wrong is still named."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.fit import compile_fit

SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "x.Pair",
    "fields": [
        {"name": "first", "type": "string"},
        {"name": "number", "type": "int"},
        {"name": "second", "type": "string"},
        {"name": "maybe", "type": ["null", "string"]},
        {"name": "either", "type": ["null", "string", "int"]},
    ],
}
FITS = {"first": "a", "number": 1, "second": "b", "maybe": None, "either": None}
fit = compile_fit(SCHEMA)


@pytest.mark.parametrize(
    "changed", [{}, {"first": "ação"}, {"second": "", "maybe": "🙂"}, {"either": "x"}, {"either": 3}]
)
def test_what_fits(changed: dict[str, Any]) -> None:
    assert fit({**FITS, **changed}) is None


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"first": 1}, ".first is not text but int"),
        ({"second": None}, ".second is not text but NoneType"),
        ({"second": b"b"}, ".second is not text but bytes"),
        ({"first": "\ud800"}, ".first has half of a surrogate pair, which UTF-8 cannot say"),
        # the halves of one character, in two texts: each by itself is nothing that UTF-8 can say
        ({"first": "\ud83d", "second": "\ude42"}, ".first has half of a surrogate pair, which UTF-8 cannot say"),
        ({"number": "1"}, ".number is not a whole number but str"),
        ({"number": "1", "second": 2}, ".number is not a whole number but str"),
        ({"maybe": 1}, ".maybe is not text but int"),
        ({"either": 1.5}, ".either is not a whole number but float"),
        ({"more": "x"}, ".more is not in the schema"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, Any], problem: str) -> None:
    assert fit({**FITS, **changed}) == problem


@pytest.mark.parametrize("missing", FITS)
def test_a_field_that_is_missing_is_named(missing: str) -> None:
    assert fit({name: value for name, value in FITS.items() if name != missing}) == f".{missing} is missing"


def test_what_is_no_record_is_none() -> None:
    assert fit([]) == " is not a record but list"
