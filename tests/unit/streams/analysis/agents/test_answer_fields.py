"""What stands in single fields of an answer instead of what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from .canonical import canonical, read, repairs, with_opportunity, with_phase

NOTHING = ("there is nothing in it", "dropped it")
LEFT_EMPTY = ("the field is empty", "left it empty")


@pytest.mark.parametrize("given", ["n/a", "null", " - "])
def test_a_number_that_says_nothing_is_empty(given: str) -> None:
    parts = read(with_opportunity(worth_brl=given))
    assert parts.opportunities[0].worth_brl is None
    assert repairs(parts) == [("opportunities[0].worth_brl", *LEFT_EMPTY)]


def test_what_is_blank_once_it_is_clean_is_dropped() -> None:
    blank = "\u200b"
    parts = read(canonical(opportunities=[*canonical()["opportunities"], blank]))
    assert len(parts.opportunities) == 2
    assert ("opportunities[2]", *NOTHING) in repairs(parts)

    tasks = canonical()["phases"][0]["tasks"]
    parts = read(with_phase(tasks=[*tasks, blank]))
    assert len(parts.phases[0].tasks) == len(tasks)
    assert (f"phases[0].tasks[{len(tasks)}]", *NOTHING) in repairs(parts)


@pytest.mark.parametrize("given", [5, {"priority": "high"}])
def test_a_task_without_a_title_is_dropped(given: Any) -> None:
    parts = read(with_phase(tasks=[given, {"title": "A", "what": "", "priority": "low"}]))
    assert [task.title for task in parts.phases[0].tasks] == ["A"]
    assert ("phases[0].tasks[0]", *NOTHING) in repairs(parts)


def test_a_limit_that_says_nothing_is_dropped() -> None:
    parts = read(canonical(limits=[None, "Sem dados de frete."]))
    assert parts.limits == ["Sem dados de frete."]
    assert repairs(parts) == [("limits[0]", *NOTHING)]


def test_an_opportunity_as_a_text_is_its_title() -> None:
    parts = read(canonical(opportunities=["Rever fotos", *canonical()["opportunities"]]))
    assert (parts.opportunities[0].title, parts.opportunities[0].priority) == ("Rever fotos", "normal")
    assert ("opportunities[0]", "the value has the wrong type: text", "read it as: title") in repairs(parts)


def test_a_text_that_is_null_is_empty() -> None:
    parts = read(canonical(summary=None))
    assert parts.summary == ""
    assert repairs(parts) == [("summary", *LEFT_EMPTY)]


def test_a_title_that_is_null_is_taken_from_the_text() -> None:
    assert read(with_opportunity(title=None)).opportunities[0].title == "Rever fotos e medidas."


def test_an_object_as_text_is_written_out_to_a_depth() -> None:
    given = {"passo": {"a": ["um", {"b": {"fundo": "demais"}}], "c": None}, "prazo": 2}
    assert read(with_opportunity(what=given)).opportunities[0].what == "passo: a: um; prazo: 2"


@pytest.mark.parametrize(
    ("given", "repair"),
    [
        (["o9"], ("the value has the wrong type: list", "read it as: o9")),
        (9, ("the value has the wrong type: number", "read it as: 9")),
    ],
)
def test_an_id_in_another_form_still_links(given: Any, repair: tuple[str, str]) -> None:
    answer = with_opportunity(id=given)
    answer["phases"][0]["tasks"][0]["opportunity_id"] = given
    parts = read(answer)
    assert parts.phases[0].tasks[0].opportunity_id == "shopee-1"
    assert ("opportunities[0].id", *repair) in repairs(parts)


@pytest.mark.parametrize(
    ("given", "repair"),
    [
        (..., ("the field is missing", "numbered it anew")),
        ("", LEFT_EMPTY),
        ({"a": 1}, ("the value has the wrong type", "dropped it")),
        (10**9, ("the value has the wrong type: number", "read it as: ")),
    ],
)
def test_what_is_no_id_links_nothing(given: Any, repair: tuple[str, str]) -> None:
    parts = read(with_opportunity(id=given))
    assert parts.opportunities[0].id == "shopee-1"
    assert parts.phases[0].tasks[0].opportunity_id is None
    assert ("opportunities[0].id", *repair) in repairs(parts)


def with_evidence(*evidence: Any) -> Any:
    return with_opportunity(evidence=list(evidence))


def test_evidence_that_is_null_is_dropped() -> None:
    good = canonical()["opportunities"][0]["evidence"][0]
    parts = read(with_evidence(None, good))
    assert [one.metric for one in parts.opportunities[0].evidence] == ["return_rate"]
    assert [action for path, _, action in repairs(parts) if path == "opportunities[0].evidence[0]"] == ["dropped it"]


def test_what_is_no_sku_is_dropped() -> None:
    given = canonical()["opportunities"][0]["evidence"][0] | {"skus": ["A1", {"sku": "B2"}, 7]}
    parts = read(with_evidence(given))
    assert parts.opportunities[0].evidence[0].skus == ["A1", "7"]
    assert ("opportunities[0].evidence[0].skus[1]", *NOTHING) in repairs(parts)
