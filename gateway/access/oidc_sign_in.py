"""Values of a sign-in through a company's provider: its state, the claimed account, its errors."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import orjson


class Away(Exception):  # noqa: N818 - it says what it is
    """The provider does not answer, or not as OpenID Connect has it."""


class NotBelieved(Exception):  # noqa: N818 - it says what it is
    """The answer of a sign-in is not valid; `reason` names the part."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stranger(Exception):  # noqa: N818 - it says what it is
    """No person here belongs to the account that the provider names; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun. A cookie keeps all but `url` until the browser comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """The account that a provider asserts. `email` is verified and in lower case, or empty; `name` may be empty.

    `sign_in`: the provider's name for this sign-in, if it gives one; the provider ends the sign-in by that name.
    """

    issuer: str
    subject: str
    email: str
    name: str
    sign_in: str = ""


def packed(begun: Begun, wanted: str) -> str:
    """Return a sign-in that has begun, and where to go after it, as a cookie's value."""
    return base64.urlsafe_b64encode(orjson.dumps([begun.state, begun.nonce, begun.verifier, wanted])).decode()


def unpacked(value: str) -> tuple[Begun, str] | None:
    """Return what `packed` made, None for anything else."""
    try:
        state, nonce, verifier, wanted = orjson.loads(base64.urlsafe_b64decode(value.encode("ascii", "replace")))
    except (binascii.Error, orjson.JSONDecodeError, TypeError, ValueError):
        return None
    if not all(isinstance(one, str) and one for one in (state, nonce, verifier, wanted)):
        return None
    return Begun("", state, nonce, verifier), wanted
