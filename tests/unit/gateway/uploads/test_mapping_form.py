"""What forms say of columns, in three ways; nonsense is told, and nothing else happens."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from gateway.intake import ANY_TABLE
from gateway.uploads.mapping_form import MAX_COLUMNS, Wrong, checked_columns, given_mappings, of_picks
from gateway.uploads.multipart import Form


def given(**fields: list[str]) -> tuple[dict[str, dict[str, str]], Wrong]:
    wrong: Wrong = []
    return given_mappings(Form(Path("none"), fields=fields), wrong), wrong


def test_three_ways_say_the_same() -> None:
    pick = [orjson.dumps(["h", "vlr", "price"]).decode(), orjson.dumps(["h", "dt", "ignore"]).decode()]

    assert given(mapping=['{"h": {"vlr": "price", "dt": "ignore"}}']) == ({"h": {"vlr": "price", "dt": "ignore"}}, [])
    assert given(pick=pick) == ({"h": {"vlr": "price", "dt": "ignore"}}, [])
    assert given(map=["price=vlr", " ignore = a=b "]) == ({ANY_TABLE: {"vlr": "price", "a=b": "ignore"}}, [])
    assert given() == ({}, [])


@pytest.mark.parametrize("pick", ["", "{", "[]", '["h", "c"]', '["h", "c", 1]', '{"a": 1}', '"abc"'])
def test_a_pick_that_is_none(pick: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        of_picks([pick])
    assert given(pick=[pick])[0] == {}
    assert given(pick=[pick])[1][0][0] == "pick"


def test_several_columns_may_be_ignored_and_one_is_each_field() -> None:
    wrong: Wrong = []
    checked_columns({"a": "ignore", "b": "ignore", "c": "price"}, "map", wrong)
    assert wrong == []
    checked_columns({"a": "price", "b": "price"}, "map", wrong)
    assert wrong == [("map", "gives the field price to two columns")]


def test_columns_of_fees_are_several_and_those_that_were_so_stay_with_a_new_one() -> None:
    wrong: Wrong = []
    checked_columns({"a": "fees", "b": "fees"}, "map", wrong)
    assert wrong == []
    pick = [orjson.dumps(["h", "a", "fees"]).decode(), orjson.dumps(["h", "b", "fees"]).decode()]
    assert given(pick=pick, taken=['{"h": {"a": "fees", "b": ""}}'])[0] == {"h": {"a": "fees", "b": "fees"}}
    assert given(pick=pick, taken=['{"h": {"a": "fees", "b": "fees"}}'])[0] == {}


def test_a_table_has_so_many_columns() -> None:
    wrong: Wrong = []
    assert checked_columns({str(i): "ignore" for i in range(MAX_COLUMNS + 1)}, "mapping", wrong) == {}
    assert "500" in wrong[0][1]


def test_dropdowns_that_are_left_as_they_were_are_no_mapping() -> None:
    pick = [orjson.dumps(["h", "vlr", "price"]).decode(), orjson.dumps(["k", "dt", "at"]).decode()]

    assert given(pick=pick, taken=['{"h": {"vlr": "price"}}']) == ({"k": {"dt": "at"}}, [])
    assert given(pick=pick, taken=['{"h": {"vlr": "revenue"}}', '{"k": {"dt": "at"}}'])[0] == {"h": {"vlr": "price"}}
    both = [*pick, orjson.dumps(["h", "x", "ignore"]).decode()]
    assert given(pick=both, taken=['{"h": {"vlr": "price"}}'])[0] == {"h": {"x": "ignore"}, "k": {"dt": "at"}}


@pytest.mark.parametrize("taken", ["", "{", "[]", '"abc"', '{"h": 1}'])
def test_what_the_columns_were_taken_for_without_sense_changes_nothing(taken: str) -> None:
    pick = [orjson.dumps(["h", "vlr", "price"]).decode()]

    assert given(pick=pick, taken=[taken]) == ({"h": {"vlr": "price"}}, [])
