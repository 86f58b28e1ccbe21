"""Secrets that the database keeps: opened in their place, by their key, and by nothing else."""

from __future__ import annotations

import pytest

from schemas.process.key_settings import secret_keys
from schemas.process.settings import SettingsError
from schemas.sealing import Locked, is_sealed_by_own, seal, unseal
from schemas.signing import NO_KEYS, Keys, parse

OLD, NEW = f"old {'01' * 32}", f"new {'02' * 32}"
HERE = "webhook.1"


def test_a_secret_is_opened_by_its_key_also_once_another_one_is_first() -> None:
    kept = seal("mwh_1", parse(OLD), HERE)
    assert kept.startswith("sealed:old:")
    assert b"mwh_1".hex() not in kept
    assert unseal(kept, parse(f"{NEW}, {OLD}"), HERE) == "mwh_1"
    assert seal("mwh_1", parse(OLD), HERE) != kept, "no two are alike"


def test_without_a_key_it_stays_as_it_is_and_can_be_read_once_there_is_one() -> None:
    assert seal("mwh_1", NO_KEYS, HERE) == "mwh_1"
    assert unseal("mwh_1", parse(OLD), HERE) == "mwh_1"


@pytest.mark.parametrize(
    ("keys", "place", "why"),
    [
        (NO_KEYS, HERE, "'old', which this process was not given"),
        (parse(NEW), HERE, "'old', which this process was not given"),
        (parse(f"old {'03' * 32}"), HERE, "'old' does not open it"),
        (parse(OLD), "webhook.2", "'old' does not open it"),
    ],
)
def test_another_key_or_another_place_opens_nothing(keys: Keys, place: str, why: str) -> None:
    with pytest.raises(Locked, match=why) as caught:
        unseal(seal("mwh_1", parse(OLD), HERE), keys, place)
    assert "mwh_1" not in str(caught.value)


def test_what_is_damaged_opens_nothing() -> None:
    for kept in ("sealed:old:zz", "sealed:old:", seal("mwh_1", parse(OLD), HERE)[:-2]):
        with pytest.raises(Locked):
            unseal(kept, parse(OLD), HERE)


def test_what_is_to_be_encrypted_anew() -> None:
    kept = seal("mwh_1", parse(OLD), HERE)
    assert is_sealed_by_own(kept, parse(f"{OLD}, {NEW}"))
    assert not is_sealed_by_own(kept, parse(f"{NEW}, {OLD}"))
    assert not is_sealed_by_own("mwh_1", parse(OLD))
    assert is_sealed_by_own("mwh_1", NO_KEYS), "nothing can be done about it"


def test_a_key_of_another_length_is_refused_without_being_quoted() -> None:
    assert secret_keys({"MARKETPLACE_SECRET_KEYS": OLD}).own == "old"
    assert not secret_keys({})
    with pytest.raises(SettingsError, match="key long has to have 64 hex digits") as caught:
        secret_keys({"MARKETPLACE_SECRET_KEYS": f"long {'04' * 33}"})
    assert "0404" not in str(caught.value)
