"""Signatures: of these parts by that key, or not believed; keys are read whole, or not at all."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from schemas.signing import Keys, UnknownKey, WrongSignature, parse

ONE, TWO = "01" * 32, "02" * 32
KEYS = parse(f"one {ONE}\ntwo {TWO}")


def test_the_first_key_signs_and_all_are_asked() -> None:
    changed = parse(f"two {TWO}, one {ONE}")
    assert KEYS.sign(b"a").startswith(b"one.")
    assert changed.sign(b"a").startswith(b"two.")
    assert changed.signer_of(KEYS.sign(b"a"), b"a") == "one"
    assert KEYS.signer_of(changed.sign(b"a"), b"a") == "two"


def test_it_is_hmac_sha256_with_each_part_after_its_length() -> None:
    wanted = hmac.new(bytes.fromhex(ONE), b"1:a2:bc0:", hashlib.sha256).hexdigest()
    assert KEYS.sign(b"a", b"bc", b"") == f"one.{wanted}".encode()


@pytest.mark.parametrize("parts", [(b"ab", b"c"), (b"a", b"bd"), (b"a", b"bc", b""), (b"1:a", b"bc"), ()])
def test_other_parts_have_another_signature(parts: tuple[bytes, ...]) -> None:
    with pytest.raises(WrongSignature, match="not the signature of key one"):
        KEYS.signer_of(KEYS.sign(b"a", b"bc"), *parts)


@pytest.mark.parametrize(
    "signature", [b"", b"one", b"one.", b"one." + b"0" * 63, b"One." + b"0" * 64, b"\xff." + b"0" * 64]
)
def test_what_is_no_signature_is_a_wrong_one(signature: bytes) -> None:
    with pytest.raises(WrongSignature, match="no signature"):
        KEYS.signer_of(signature, b"a")


def test_a_key_that_is_not_known_is_named() -> None:
    with pytest.raises(UnknownKey, match=r"^three$"):
        KEYS.signer_of(parse(f"three {ONE}").sign(b"a"), b"a")


def test_no_secret_is_shown() -> None:
    assert "1" not in repr(KEYS).replace("own", "")


@pytest.mark.parametrize("text", ["", "\n", "# one\n", " , "])
def test_no_keys_are_no_mistake(text: str) -> None:
    assert parse(text) == Keys()
    assert not parse(text)


def test_keys_are_read_with_remarks_and_empty_lines() -> None:
    assert parse(f"# today's\none: {ONE} # made in May\n\ntwo={TWO}\n").secrets == KEYS.secrets


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("one", "key 1 is no '<id> <hex digits>'"),
        (f"one {ONE}\nOne {TWO}", "key 2 is no"),
        (f"one {ONE[:-1]}", "key 1 is no"),
        (f"one {ONE[:-2]}", "key one has less than 64 hex digits"),
        (f"one {ONE}\none {TWO}", "key one stands twice"),
    ],
)
def test_a_wrong_key_is_told_without_its_secret(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as told:
        parse(text)
    assert ONE[:20] not in str(told.value)
