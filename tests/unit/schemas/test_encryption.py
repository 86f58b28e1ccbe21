"""Names in the log: by their key as they were, and without it not at all."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.encryption import FIELDS, KEY_BYTES, PREFIX, decrypted, encrypted, is_encrypted, nameless

PLAN = "0b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10"
DATA: dict[str, Any] = {"plan_id": PLAN, "title": "Vendas – Maria", "filename": "maria ✓.csv", "size_bytes": 3}
KEY, OTHER = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)


def test_names_come_back_by_their_key_and_all_else_is_as_it_was() -> None:
    hidden = encrypted(DATA, KEY)
    assert is_encrypted(hidden)
    assert not is_encrypted(DATA)
    assert not is_encrypted({})  # of a version that knew of no names
    assert "aria" not in str(hidden)
    assert hidden["size_bytes"] == 3
    assert decrypted(hidden, KEY) == DATA


@pytest.mark.parametrize("key", [None, OTHER])
def test_without_the_key_a_plan_goes_by_its_id(key: bytes | None) -> None:
    assert decrypted(encrypted(DATA, KEY), key) == {**DATA, "title": PLAN[:8], "filename": ""}


def test_the_same_name_is_another_text_in_each_field() -> None:
    hidden = encrypted({**DATA, "title": "a", "filename": "a"}, KEY)
    assert hidden["title"] != hidden["filename"]


@pytest.mark.parametrize(
    "moved",
    [
        {"plan_id": "1" * 36},
        {"title": encrypted(DATA, KEY)["filename"]},
        {"title": f"{PREFIX}00"},
        {"title": f"{PREFIX}no digits"},
        {"title": "Vendas"},
    ],
)
def test_a_text_from_somewhere_else_is_none(moved: dict[str, str]) -> None:
    data = {**encrypted(DATA, KEY), **moved}
    shown = decrypted(data, KEY)
    assert {name: shown[name] for name in FIELDS} == nameless(str(data["plan_id"]))
