"""Settings are read by one set of helpers: what is missing or makes no sense is named, and what is expected is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gateway.settings import Settings as GatewaySettings
from projections.settings import Settings as ProjectionSettings
from schemas.process.settings import BROKERS, DATABASE, REGISTRY, SettingsError, count, need, one_of, positive, whole
from streams.settings import Settings as StreamsSettings
from streams.watchdog.settings import Patience

ALL = {BROKERS: "127.0.0.1:9092", REGISTRY: "http://127.0.0.1:8081", DATABASE: "postgresql://u@h/d"}


def test_all_that_is_missing_is_named_at_once() -> None:
    assert need(ALL, BROKERS, DATABASE) == ("127.0.0.1:9092", "postgresql://u@h/d")
    with pytest.raises(SettingsError) as refused:
        need({BROKERS: "", REGISTRY: "http://r"}, BROKERS, REGISTRY, DATABASE)
    assert str(refused.value) == (
        "MARKETPLACE_BROKERS is not set: give it as host:port, comma separated; MARKETPLACE_DATABASE_URL is not set:"
        " give it as postgresql://user:password@host:port/database"
    )


@pytest.mark.parametrize(
    ("read", "given", "value"),
    [
        (lambda env: positive(env, "X", 2.5), "", 2.5),
        (lambda env: positive(env, "X", 2.5), " 0.5 ", 0.5),
        (lambda env: count(env, "X", 3), "", 3),
        (lambda env: count(env, "X", 3), "7", 7),
        (lambda env: whole(env, "X", 3, 2, 9), "", 3),
        (lambda env: whole(env, "X", 3, 2, 9), "9", 9),
        (lambda env: one_of(env, "X", "on", "on", "off"), "", "on"),
        (lambda env: one_of(env, "X", "on", "on", "off"), "off", "off"),
    ],
)
def test_a_value_or_its_default(read: Callable[[dict[str, str]], Any], given: str, value: object) -> None:
    assert read({"X": given}) == value


@pytest.mark.parametrize(
    ("read", "given", "said"),
    [
        (lambda env: positive(env, "X", 1), "soon", "X must be a number, not 'soon'"),
        (lambda env: positive(env, "X", 1), "nan", "X must be a number, not 'nan'"),
        (lambda env: positive(env, "X", 1), "0", "X must be above zero, not 0"),
        (lambda env: positive(env, "X", 1, at_most=240), "241", "X must be at most 240, not 241"),
        (lambda env: count(env, "X", 1), "1.5", "X must be a whole number, not '1.5'"),
        (lambda env: whole(env, "X", 1, 2, 9), "1", "X is '1': give a whole number from 2 to 9"),
        (lambda env: whole(env, "X", 1, 2, 9), "²", "X is '²': give a whole number from 2 to 9"),
        (lambda env: one_of(env, "X", "on", "on", "off"), "maybe", "X must be on or off, not 'maybe'"),
    ],
)
def test_what_makes_no_sense_is_named(read: Callable[[dict[str, str]], Any], given: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read({"X": given})
    assert str(refused.value) == said


@pytest.mark.parametrize("settings", [GatewaySettings, ProjectionSettings, StreamsSettings, Patience])
def test_every_process_refuses_by_the_same_error(settings: Any) -> None:
    wrong = {**ALL, "MARKETPLACE_DEAF_AFTER": "nan", "MARKETPLACE_WATCHDOG_KILL": "nan"}
    with pytest.raises(SettingsError, match="nan"):
        settings.from_env(wrong)
