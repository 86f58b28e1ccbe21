"""A finding comes back from where it was kept as it was; one of another version comes back as none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gateway.verdict.kinds import Kind
from gateway.verdict.stored import from_json, to_json
from tests.unit.gateway.verdict.examples import NOW, finding


@pytest.mark.parametrize("kind", Kind)
def test_it_comes_back_as_it_was(kind: Kind) -> None:
    one = replace(finding(kind), since=NOW, subject="s")
    assert from_json(json.loads(json.dumps(to_json(one)))) == one
    assert from_json(to_json(finding(kind))) == finding(kind)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "of-tomorrow"},
        {"values": {}},
        {"values": {"role": "pump", "more": 1}},
        {"values": {"role": 7}},
        {"since": "tomorrow"},
    ],
)
def test_what_another_version_wrote_is_none_of_ours(change: dict[str, object]) -> None:
    assert from_json({**to_json(finding(Kind.ROLE_MISSING)), **change}) is None
    assert from_json({}) is None
