"""What people write: by the writer's key as it was, and without it not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.written import ERASED, KEY_BYTES, WriterKey, decrypted, encrypted, has_text, key_ids, written

ONE, OTHER = "0b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10", "1b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10"
SECRET = bytes(range(KEY_BYTES))
ANA, BIA = WriterKey(ONE, SECRET), WriterKey(OTHER, bytes(KEY_BYTES))
KEYS = {ONE: SECRET, OTHER: bytes(KEY_BYTES)}
TEXT = 'Maria disse: "não"\n✓'


def test_a_text_comes_back_by_its_key() -> None:
    hidden = encrypted(TEXT, ANA)
    assert "aria" not in hidden
    assert decrypted(hidden, KEYS) == TEXT


def test_the_same_text_is_the_same_again_and_another_ones_is_another() -> None:
    assert encrypted(TEXT, ANA) == encrypted(TEXT, ANA)
    assert len({encrypted(TEXT, ANA), encrypted(TEXT, BIA), encrypted(TEXT + ".", ANA)}) == 3


def test_what_is_empty_stays_so() -> None:
    assert encrypted("", ANA) == ""


@pytest.mark.parametrize("keys", [{}, {ONE: bytes(KEY_BYTES)}])
def test_without_its_key_it_is_erased(keys: dict[str, bytes]) -> None:
    assert decrypted(encrypted(TEXT, ANA), keys) == ERASED


@pytest.mark.parametrize("cut", [1, 5, 12, 40])
def test_what_was_cut_off_is_not_read(cut: int) -> None:
    assert decrypted(encrypted(TEXT, ANA)[:-1][:-cut], KEYS) == ERASED


def test_it_is_found_within_a_longer_text() -> None:
    told = f"It is off. Why: {encrypted('deploy', ANA)}. By {encrypted('bia', BIA)}, now."
    assert key_ids([told, 3, None, [told]]) == {ONE, OTHER}
    assert decrypted(told, KEYS) == "It is off. Why: deploy. By bia, now."
    assert decrypted(told, {ONE: SECRET}) == f"It is off. Why: deploy. By {ERASED}, now."


def test_within_json_it_is_what_json_makes_of_it() -> None:
    data = {"reason": encrypted(TEXT, ANA), "n": 1}
    assert json.loads(decrypted(json.dumps(data), KEYS)) == {"reason": TEXT, "n": 1}
    assert json.loads(decrypted(json.dumps([data["reason"]]), KEYS)) == [TEXT]


@pytest.mark.parametrize("value", [None, 7, "", "plain", "by: nobody", "stand by:", b"by:", {"a": 1}])
def test_whatever_else_stays_as_it_is(value: Any) -> None:
    assert key_ids([value]) == set()
    assert decrypted(value, KEYS) == value


def test_texts_in_lists_are_read_as_well() -> None:
    assert decrypted([encrypted("a", ANA), 1], KEYS) == ["a", 1]


def test_a_text_that_looks_encrypted_is_what_somebody_wrote() -> None:
    looks = encrypted("other", BIA)
    assert decrypted(encrypted(looks, ANA), {ONE: SECRET}) == looks


def test_of_a_command_its_texts_are_encrypted_those_of_a_given_phase_1_too() -> None:
    data = {"reason": "a", "note": "", "comment": "b", "title": "c", "phase1": {"reason": "d", "name": "e"}}
    hidden = written(data, ANA)
    assert {name: hidden[name] for name in ("note", "title")} == {"note": "", "title": "c"}
    assert hidden["phase1"]["name"] == "e"
    assert json.loads(decrypted(json.dumps(hidden), KEYS)) == data
    assert [has_text(one) for one in (data, {"phase1": {"reason": "d"}}, {"reason": "", "phase1": None}, {})] == [
        True,
        True,
        False,
        False,
    ]
    assert written({"phase1": None}, ANA) == {"phase1": None}
