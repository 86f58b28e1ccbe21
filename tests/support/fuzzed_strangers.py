"""What strangers, browsers and other systems send, each as a function of bytes: see tests/support/fuzz_targets.py.

Each raises only where something is wrong, and says by an assertion what has to hold of what it takes.
"""

from __future__ import annotations

import asyncio
import io
import json
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

from python_multipart.exceptions import FormParserError
from uvicorn.config import Config
from uvicorn.server import ServerState

from bench.load.documents import BOUNDARY, form
from gateway.access.logout_tokens import EVENT, about
from gateway.access.oidc_sign_in import NotBelieved
from gateway.http.bodies import parse_json
from gateway.http.connections import HEAD_BYTES, Connections, protocol_of
from gateway.live.places import Place, place_of
from gateway.operations.pagerduty import genuine, said
from gateway.problems.problem import Problem
from gateway.uploads.multipart import MAX_FIELDS, Form, _Reader
from schemas.sealing import Locked, seal, unseal
from schemas.signing import parse
from schemas.written import WriterKey, decrypted, encrypted, key_ids

_KEYS: Final = parse(f"one {'01' * 32}")
_WRITER: Final = WriterKey("0b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10", b"\x01" * 32)
_FILE_BYTES: Final = 20_000
_ISSUER: Final = "https://id.example.com"
_ROOM: Final = 1 << 20


class _Wire(asyncio.Transport):
    """A connection without a network: what is written to it is kept."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.7", 4711), "sockname": ("192.0.2.1", 80)})
        self.sent = bytearray()
        self._closing = False

    def write(self, data: Any) -> None:
        self.sent += data

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        self._closing = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def _head(data: bytes) -> None:
    """Every request that the application hears of has a head within the bounds; whatever is answered is HTTP."""
    heard: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        heard.append(scope)
        while (message := await receive())["type"] == "http.request" and message.get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def spoken() -> None:
        bounds = Connections(most=10, most_of_one=10)
        protocol = protocol_of(bounds)(Config(app, ws="none", log_config=None, log_level="critical"), ServerState(), {})
        wire = _Wire()
        protocol.connection_made(wire)
        for at in range(0, len(data), 4096):
            protocol.data_received(data[at : at + 4096])
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        protocol.connection_lost(None)
        for _ in range(5):
            await asyncio.sleep(0)
        assert (bounds.open, bounds.timed) == (0, 0), "a connection that has ended is not counted"
        assert not wire.sent or wire.sent.startswith(b"HTTP/1.1 "), bytes(wire.sent[:40])

    asyncio.run(spoken())
    for scope in heard:
        head = scope["headers"]
        assert sum(len(name) + len(value) + 4 for name, value in head) <= HEAD_BYTES
        assert not [pair for pair in head for part in pair if set(part) & set(b"\r\n\0")], head


def _heads() -> list[bytes]:
    return [
        b"GET /api/tasks?limit=2 HTTP/1.1\r\nHost: a\r\nCookie: marketplace_session=x; a=b\r\n\r\n",
        (
            b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 5\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n\r\nkey=xGET / HTTP/1.1\r\n\r\n"
        ),
        b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    ]


def _form(data: bytes) -> None:
    """The file of a form is no larger than it may be, and has a harmless name."""
    taken, file = Form(Path("nowhere")), io.BytesIO()
    reader = _Reader(taken, cast("Any", file), _FILE_BYTES, BOUNDARY.encode(), lambda _: None, MAX_FIELDS)
    with suppress(Problem, FormParserError):
        for at in range(0, len(data), 1000):
            reader.feed(data[at : at + 1000])
        reader.finish()
    assert len(file.getvalue()) <= _FILE_BYTES
    assert sum(map(len, taken.fields.values())) <= MAX_FIELDS
    name = taken.filename
    assert not name.startswith(".")
    assert not [c for c in name if c in "/\\" or unicodedata.category(c) in ("Cc", "Cf", "Cs")], name


def _forms() -> list[bytes]:
    several = form(1, 3).replace(b'filename="vendas-1.csv"', b"filename*=UTF-8''..%2F..%2Fetc%2Fpasswd%00.csv")
    return [form(0, 3), several]


def _hook(data: bytes) -> None:
    """Nothing that is not signed counts as signed; what is no event is refused as such."""
    assert not genuine(["secret", "another"], data.decode("latin-1"), b"body")
    with suppress(Problem):
        said(parse_json(data))


def _hooks() -> list[bytes]:
    event = {
        "id": "01", "event_type": "incident.acknowledged", "occurred_at": "2026-11-28T10:00:00Z",
        "agent": {"summary": "Ana", "type": "user_reference"}, "data": {"incident_key": "a/told", "number": 7},
    }  # fmt: skip
    return [json.dumps({"event": event}).encode(), b"v1=" + b"0" * 64 + b",v1="]


def _logout(data: bytes) -> None:
    """A token of nonsense ends nobody's sign-ins, whoever has signed it."""
    with suppress(ValueError, RecursionError):
        told = json.loads(data)
        if isinstance(told, dict):
            with suppress(NotBelieved):
                about(_ISSUER, "us", {"typ": told.pop("typ", "")}, told)


def _logouts() -> list[bytes]:
    claims = {"iss": _ISSUER, "aud": "us", "iat": 1, "exp": 99999999999, "jti": "7", "sub": "ana", "sid": "s"}
    return [json.dumps({**claims, "typ": "logout+jwt", "events": {EVENT: {}}}).encode()]


def _place(data: bytes) -> None:
    """A place that is taken is told as it was meant."""
    place = place_of(data.decode("latin-1"))
    if place is not None:
        assert place_of(place.text()) == place
        place.elsewhere(Place({}))
        place.missed(Place({}))


def _kept(data: bytes) -> None:
    """What is encrypted in a row and was changed by somebody opens to nothing, and is no mistake."""
    text = data.decode("utf-8", "replace")
    with suppress(Locked):
        unseal(text, _KEYS, "webhook/1")
    key_ids([text, [text]])
    decrypted([text, f'{{"reason": "{text}"}}'], {_WRITER.key_id: _WRITER.secret})
    assert decrypted(encrypted(text, _WRITER), {_WRITER.key_id: _WRITER.secret}) == text


def _all_kept() -> list[bytes]:
    return [seal("secret", _KEYS, "webhook/1").encode(), encrypted("a reason", _WRITER).encode()]


#: By name: what checks the bytes, and what makes some that are as they should be.
STRANGERS: Final[Mapping[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]]] = {
    "head": (_head, _heads),
    "form": (_form, _forms),
    "hook": (_hook, _hooks),
    "logout": (_logout, _logouts),
    "place": (_place, lambda: [b"p.17.0.3_t.40.0.12", b"p_t.1_1f0c9a3e"]),
    "kept": (_kept, _all_kept),
}
