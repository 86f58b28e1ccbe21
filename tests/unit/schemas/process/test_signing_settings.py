"""Producers' keys from the environment: from a file or a variable, and never a wish that cannot be met."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from schemas.belief import NO_KEY, Mode
from schemas.process.settings import SettingsError
from schemas.process.signing import Signing
from schemas.signing import Keys
from schemas.topics import PLAN_EVENTS

ONE = f"one {'01' * 32}"


def test_without_keys_signing_is_off() -> None:
    signing = Signing.from_env({})
    assert (signing.mode, signing.own) == (Mode.OFF, Keys())


@pytest.mark.parametrize("given", ["file", "variable"])
def test_with_keys_signatures_are_required(tmp_path: Path, given: str) -> None:
    (tmp_path / "keys").write_text(ONE)
    env = {"MARKETPLACE_SIGNING_KEYS": ONE}
    if given == "file":
        env = {"MARKETPLACE_SIGNING_KEYS_FILE": str(tmp_path / "keys"), "MARKETPLACE_SIGNING_KEYS": ""}
    signing = Signing.from_env(env)
    assert (signing.mode, signing.own.own) == (Mode.REQUIRE, "one")


def test_the_variable_stands_above_the_file() -> None:
    env = {"MARKETPLACE_SIGNING_KEYS": ONE, "MARKETPLACE_SIGNING_KEYS_FILE": "/nowhere"}
    assert Signing.from_env(env).keys.own == "one"


def test_off_signs_nothing_whatever_keys_there_are() -> None:
    signing = Signing.from_env({"MARKETPLACE_SIGNING_KEYS": ONE, "MARKETPLACE_SIGNING": "off"})
    assert (signing.own, bool(signing.keys)) == (Keys(), True)


@pytest.mark.parametrize("signed", [True, False])
def test_a_command_without_keys_reads_no_log_that_is_signed_unless_it_is_told_to(signed: bool) -> None:
    until = {(NO_KEY, PLAN_EVENTS, 0): 7} if signed else {}
    with pytest.raises(SettingsError, match="give MARKETPLACE_SIGNING_KEYS_FILE") if signed else nullcontext():
        Signing.from_env({}).checked(until)
    assert Signing.from_env({"MARKETPLACE_SIGNING": "off"}).checked(until).mode is Mode.OFF
    assert Signing.from_env({"MARKETPLACE_SIGNING_KEYS": ONE}).checked(until).mode is Mode.REQUIRE


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"MARKETPLACE_SIGNING": "require"}, "MARKETPLACE_SIGNING is require, and there is no key"),
        ({"MARKETPLACE_SIGNING": "warn"}, "MARKETPLACE_SIGNING is warn, and there is no key"),
        ({"MARKETPLACE_SIGNING": "sometimes"}, "MARKETPLACE_SIGNING must be off or warn or require"),
        ({"MARKETPLACE_SIGNING_KEYS": "one 12"}, "MARKETPLACE_SIGNING_KEYS: key one has less than 64"),
        ({"MARKETPLACE_SIGNING_KEYS_FILE": "/nowhere/keys"}, "MARKETPLACE_SIGNING_KEYS_FILE: .*No such file"),
    ],
)
def test_what_makes_no_sense_is_told(env: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        Signing.from_env(env)
