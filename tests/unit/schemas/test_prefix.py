"""A prefix is before every name outside, and nowhere inside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import prefix
from schemas.process.settings import SettingsError, topic_prefix
from schemas.rights import Kind, at_broker, rights_of

NAMES = st.from_regex(r"[a-z]{1,5}\.[a-z]{1,5}", fullmatch=True)


@pytest.fixture(autouse=True)
def none_afterwards() -> Iterator[None]:
    yield
    prefix.use("")


@given(name=NAMES, own=st.sampled_from(["", "north.", "a"]))
def test_each_name_has_one_outside_and_comes_back(name: str, own: str) -> None:
    prefix.use(own)
    assert prefix.outside(name) == own + name
    assert prefix.inside(prefix.outside(name)) == name
    assert prefix.outside(prefix.inside(name)) == name, "a name from outside, whosever it is"


def test_the_name_of_another_system_is_never_one_of_ours() -> None:
    prefix.use("north.")
    assert prefix.inside("plan.events") == "/plan.events"
    assert prefix.inside("south.plan.events") == "/south.plan.events"
    assert prefix.used() == "north."


@pytest.mark.parametrize("value", ["", "north.", "A_b-3.", "x" * 100, " north. "])
def test_what_a_broker_takes_is_taken(value: str) -> None:
    assert topic_prefix({"MARKETPLACE_TOPIC_PREFIX": value}) == value.strip()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("nörth.", "without accents"),
        ("a/b", "without accents"),
        ("a b", "without accents"),
        ("x" * 101, "at most 100"),
        ("__own", "the broker's own"),
        ("..", "more than dots"),
    ],
)
def test_what_no_broker_takes_is_refused_with_the_reason(value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"MARKETPLACE_TOPIC_PREFIX is .*{said}"):
        topic_prefix({"MARKETPLACE_TOPIC_PREFIX": value})


def test_rights_are_of_the_names_at_the_broker() -> None:
    prefix.use("north.")
    for plain, shown in zip(rights_of("worker"), at_broker(rights_of("worker")), strict=True):
        assert shown.operation is plain.operation
        assert shown.name == plain.name if plain.kind is Kind.CLUSTER else f"north.{plain.name}"
