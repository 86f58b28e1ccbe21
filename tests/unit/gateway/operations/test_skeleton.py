"""The skeleton of an event: every field of its schema, nothing else, and what is known of it."""

from __future__ import annotations

import pytest

from gateway.operations.skeleton import skeleton, types
from schemas.catalogue import newest
from schemas.wire import from_record


@pytest.mark.parametrize("type_", types())
def test_has_the_fields_of_the_schema_in_its_order(type_: str) -> None:
    made = skeleton(type_, {"correlation_id": "p", "nothing": 1})

    assert made is not None
    assert list(made) == [field["name"] for field in newest(type_).raw["fields"]]
    assert made["correlation_id"] == "p"
    assert from_record(type_, dict(made)).type == type_


def test_values_are_those_that_a_person_fills_in() -> None:
    made = skeleton("plan.uploaded", {"plan_id": "p"})

    assert made is not None
    assert (made["plan_id"], made["title"], made["version"], made["channels"]) == ("p", "", 0, [])


def test_a_type_without_a_schema_has_none() -> None:
    assert skeleton("plan.unheard.of", {}) is None
