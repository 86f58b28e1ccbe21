"""What passes between a company's provider and our people when somebody signs in there."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import orjson


class Away(Exception):  # noqa: N818 - it says what it is
    """The provider does not answer, or not as one does."""


class NotBelieved(Exception):  # noqa: N818 - it says what it is
    """The answer of a sign-in is not what it should be: `reason` says which part of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stranger(Exception):  # noqa: N818 - it says what it is
    """The provider knows the account, and no person here belongs to it; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun. All but `url` stays in the browser until it comes back."""

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
