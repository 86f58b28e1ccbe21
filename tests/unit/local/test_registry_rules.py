"""What the registry takes, and what may follow what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.registry.errors import RegistryError
from local.registry.rules import candidate, given_of, is_import, level_of, version_of, violations

V1 = {"type": "record", "name": "Plan", "fields": [{"name": "id", "type": "string"}]}
#: Reads V1, and V1 reads it.
GROWN = {**V1, "fields": [*V1["fields"], {"name": "note", "type": "string", "default": ""}]}
#: V1 reads it, and it reads neither V1 nor GROWN.
NEEDY = {**V1, "fields": [*V1["fields"], {"name": "note", "type": "int"}]}
#: Reads V1, and V1 does not read it.
SHRUNK: dict[str, Any] = {**V1, "fields": []}


def refused(asked: Any) -> tuple[int, int]:
    with pytest.raises(RegistryError) as caught:
        asked()
    return caught.value.status, caught.value.code


def test_white_space_and_key_order_make_no_other_schema() -> None:
    one = candidate({"schema": json.dumps(V1)})
    other = candidate({"schema": json.dumps(dict(reversed(V1.items())), indent=2), "schemaType": "AVRO"})

    assert one.fingerprint == other.fingerprint
    assert one.parsed == V1
    assert other.text.startswith('{"fields":[{"name":"id"')
    assert candidate({"schema": json.dumps(GROWN)}).fingerprint != one.fingerprint


def test_a_schema_is_checked_once_and_no_comparison_changes_it() -> None:
    body = {"schema": json.dumps(GROWN)}
    once = candidate(body)

    assert violations("FULL_TRANSITIVE", once.parsed, [(1, V1)]) == []
    assert candidate({**body}) is once
    assert once.parsed == GROWN
    wrong = {"schema": '{"type": "record", "name": "Once"}'}
    assert [refused(lambda: candidate(wrong)) for _ in range(2)] == [(422, 42201)] * 2


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"schema": V1},
        {"schema": json.dumps(V1), "schemaType": "JSON"},
        {"schema": json.dumps(V1), "references": [{"name": "x"}]},
        {"schema": "{"},
        {"schema": '"Unknown"'},
        {"schema": '{"type": "record", "name": "A"}'},
        {"schema": '{"type": {"type": "int"}}'},
    ],
)
def test_what_is_no_schema_is_refused(body: Any) -> None:
    assert refused(lambda: candidate(body)) == (422, 42201)


def test_a_level_is_read_in_any_case() -> None:
    assert level_of({"compatibility": "full_transitive"}) == "FULL_TRANSITIVE"


@pytest.mark.parametrize("body", [None, {}, {"compatibility": 1}, {"compatibility": "SOME"}])
def test_what_is_no_level_is_refused(body: Any) -> None:
    assert refused(lambda: level_of(body)) == (422, 42203)


@pytest.mark.parametrize(("text", "number"), [("latest", None), ("-1", None), ("1", 1), ("2147483647", 2**31 - 1)])
def test_a_version_is_a_number_or_the_latest(text: str, number: int | None) -> None:
    assert version_of(text) == number


@pytest.mark.parametrize("text", ["", "0", "-2", "1.0", "\u00b2", "2147483648", "newest"])
def test_what_is_no_version_is_refused(text: str) -> None:
    assert refused(lambda: version_of(text)) == (422, 42202)


READS = ["the new schema cannot read version {}: $.note: not written, and has no default"]
IS_READ = ["version {} cannot read the new schema: $.id: not written, and has no default"]


@pytest.mark.parametrize(
    ("level", "new", "found"),
    [
        ("NONE", NEEDY, []),
        ("FULL", GROWN, []),
        ("FULL_TRANSITIVE", GROWN, []),
        ("BACKWARD", NEEDY, [READS[0].format(2)]),
        ("FORWARD", NEEDY, []),
        ("FORWARD", SHRUNK, [IS_READ[0].format(2)]),
        ("BACKWARD", SHRUNK, []),
        ("FULL", SHRUNK, [IS_READ[0].format(2)]),
        ("FORWARD_TRANSITIVE", SHRUNK, [IS_READ[0].format(1), IS_READ[0].format(2)]),
        ("BACKWARD_TRANSITIVE", NEEDY, [READS[0].format(1), READS[0].format(2)]),
    ],
)
def test_a_schema_is_held_against_those_before_it_as_the_level_says(level: str, new: Any, found: list[str]) -> None:
    """The last one, or with _TRANSITIVE all of them, in each direction that the level names."""
    assert violations(level, new, [(1, V1), (2, V1)]) == found


def test_the_first_version_follows_nothing() -> None:
    assert violations("FULL_TRANSITIVE", V1, []) == []


def test_an_id_and_a_version_are_given_together_or_not_at_all() -> None:
    assert given_of({"schema": "{}"}) is None
    assert given_of({"schema": "{}", "id": 7, "version": 2}) == (7, 2)
    for given in ({"id": 7}, {"version": 2}, {"id": "7", "version": 2}, {"id": 7, "version": 0}):
        assert refused(lambda given=given: given_of(given)) == (422, 42201)


def test_a_mode_is_import_or_readwrite() -> None:
    assert is_import({"mode": "IMPORT"})
    assert not is_import({"mode": "READWRITE"})
    wrong: list[Any] = [{"mode": "READONLY"}, {}, [], None]
    for body in wrong:
        assert refused(lambda body=body: is_import(body)) == (422, 42204)
