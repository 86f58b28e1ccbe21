"""Tokens with which a process authenticates at brokers (SASL OAUTHBEARER): from a file, or from a provider.

A file is read at each new connection, as somebody else keeps it fresh (a projected service account of Kubernetes). A
provider is asked by the client credentials of OAuth 2, and its token is kept for most of its life. A connection lives
on with the token that it began with; brokers that want a fresh one (`connections.max.reauth.ms`) end it, and the next
one begins with what is fresh then.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from aiokafka import conn
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import SaslAuthenticationFailed

log = structlog.get_logger("broker")

ASK_S: Final = 5.0
#: A token is used for so much of its life: the rest is for clocks that differ and for slow connections.
KEPT_FOR: Final = 0.8
#: The life of a token of which the provider tells none, in seconds.
LIFE_S: Final = 60.0
#: Bytes of a provider's answer at most.
LONGEST: Final = 262_144


class NoToken(SaslAuthenticationFailed):  # type: ignore[misc] # aiokafka has no types
    """There is no token to say who this process is. The message says why, and what to do; it quotes no secret."""


@dataclass(frozen=True, slots=True)
class Token:
    """`life_s`: for how long it is good from now on, in seconds."""

    text: str = field(repr=False)
    life_s: float


class Tokens(AbstractTokenProvider):  # type: ignore[misc] # aiokafka has no types
    """The token source of aiokafka's clients, for any loop and thread. `ask` returns a new token or raises NoToken."""

    def __init__(self, ask: Callable[[], Token]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._kept = ""
        self._until = 0.0

    async def token(self) -> str:
        """Return a token that is good now. Raises NoToken, which is told in the log, too: clients keep it back."""
        return await asyncio.to_thread(self._current)

    def _current(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                try:
                    token = self._ask()
                except NoToken as error:
                    log.error("no token for the brokers", error=str(error))  # noqa: TRY400 - it says all by itself
                    raise
                self._kept, self._until = token.text, time.monotonic() + KEPT_FOR * token.life_s
            return self._kept


def from_file(path: Path, name: str) -> Callable[[], Token]:
    """Return what reads a token from a file, each time. `name`: the setting that names it."""

    def read() -> Token:
        try:
            text = path.read_text("ascii").strip()
        except (OSError, ValueError) as error:
            raise NoToken(f"{name} cannot be read: {error}. Give a file that this process may read") from None
        if not text or any(not "!" <= letter <= "~" for letter in text):
            raise NoToken(f"{name} has no token: {path} must have one token, on one line")
        return Token(text, 0.0)

    return read


def from_provider(url: str, client: str, secret: str, scope: str, names: str) -> Callable[[], Token]:
    """Return what asks a provider's token endpoint. `names`: the settings with client and secret, for messages."""
    # as RFC 6749 has it: each is encoded before both are joined
    said = ":".join(urllib.parse.quote(part, safe="") for part in (client, secret))
    login = "Basic " + base64.b64encode(said.encode()).decode()
    form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
    body = urllib.parse.urlencode(form).encode()

    def ask() -> Token:
        request = urllib.request.Request(  # noqa: S310 - the settings take http and https alone
            url, data=body, headers={"Authorization": login, "Accept": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=ASK_S) as answer:  # noqa: S310 - the address of the configuration
                return _read(answer.read(LONGEST), url)
        except urllib.error.HTTPError as error:
            with error:
                why = _reason(error.read(LONGEST))
            todo = f"see to {names}" if error.code in (400, 401, 403) else "see whether the provider is well"
            raise NoToken(f"{url} gives no token (HTTP {error.code}{why}): {todo}") from None
        except OSError as error:
            raise NoToken(f"{url} cannot be reached: {error}") from None

    return ask


def _read(body: bytes, url: str) -> Token:
    try:
        said = json.loads(body)
        text, life_s = said["access_token"], float(said.get("expires_in", LIFE_S))
    except (ValueError, TypeError, LookupError, AttributeError):
        said, text, life_s = None, "", 0.0
    if not isinstance(text, str) or not text or any(not "!" <= letter <= "~" for letter in text):
        raise NoToken(f"{url} answers without an access_token: is it the provider's token endpoint?")
    return Token(text, life_s)


def _reason(body: bytes) -> str:
    """Return the code of a refusal, as RFC 6749 names it; empty where the body has none."""
    try:
        code = json.loads(body)["error"]
    except (ValueError, TypeError, LookupError):
        return ""
    return f", {code[:80]}" if isinstance(code, str) and code.isprintable() else ""


class _Hearing(conn.OAuthAuthenticator):  # type: ignore[misc] # aiokafka has no types
    """aiokafka's side of OAUTHBEARER, which hears a refusal.

    A broker that takes no token answers why, and waits for another word before it fails (RFC 7628, 3.2.3). The
    library's own takes that answer for a welcome, and all that is known later is that the connection was closed.
    """

    async def step(self, payload: bytes | None) -> Any:
        if payload and self._token_sent:
            why = payload[:200].decode("utf-8", "replace")
            raise SaslAuthenticationFailed(
                f"the broker refuses this process's token: {why}. It may be over, of another issuer or audience than"
                " the broker takes, or signed by a key that it does not know: see what the token says, and the"
                " broker's sasl.oauthbearer settings"
            )
        return await super().step(payload)


conn.OAuthAuthenticator = _Hearing
