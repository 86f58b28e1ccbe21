"""Receive the alert engine's messages as an outside receiver, with the time of each."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Self

from gateway.alerts.patience import UNSTEADY_TIMES
from gateway.verdict.kinds import Kind

#: In a drill an alert is told at once, and is over a second after its finding is gone: what is measured is the way to
#: the receiver, not how long an installation chooses to wait.
RESOLVES_S: Final = 1.0
#: These go on for minutes after what they tell of.
STAY: Final = frozenset({Kind.SLO_BURNING, Kind.FAILING_OFTEN, Kind.PHASE1_FAILING, Kind.REQUESTS_FAILING})
#: What they tell of lies in the minutes and hours before: the drills that the same system has been through.
BEFORE: Final = STAY - {Kind.FAILING_OFTEN}
#: That an alert is over is told so long after everything is calm, at the latest.
OVER_WITHIN_S: Final = 20.0
_LOOK_S: Final = 0.05
_OVER: Final = "resolved"


@dataclass(frozen=True, slots=True)
class Message:
    """What one message says of one alert. `at`: when it came, by the monotonic clock. `state`: that alert and state."""

    at: float
    about: str
    kind: str
    alert_id: str
    key: str
    title: str

    @property
    def state(self) -> tuple[str, str]:
        return self.alert_id, self.about


class Receiver:
    """Takes the messages of an alert engine on a free port, as long as it is entered: `with Receiver() as told`."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._began = 0
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        take = self.take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                take(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Say nothing: the lines would be among those of the drill."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True, name="told").start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def env(self, folder: Path) -> dict[str, str]:
        """Return the alert engine's environment; its file of routes is written into the folder."""
        assert self._server is not None, "it is not entered"
        routes = folder / "routes.toml"
        holds = (f"[patience.{kind}]\nopens_s = 0\nresolves_s = {RESOLVES_S}\n" for kind in Kind)
        routes.write_text('[[route]]\nto = ["webhook"]\n' + "".join(holds))
        host, port = self._server.server_address[:2]
        url = f"http://{host!s}:{port}/"
        return {"MARKETPLACE_ALERT_WEBHOOK_URL": url, "MARKETPLACE_ALERT_ROUTES": str(routes)}

    def take(self, document: Mapping[str, Any]) -> None:
        """Take in one message, which says something of one or more alerts."""
        now = time.monotonic()
        self.messages += [
            Message(now, one["about"], one["kind"], one["alertId"], one["key"], one["title"])
            for one in document["alerts"]
        ]

    def arm(self) -> None:
        """Count only what comes from now on."""
        self._began = len(self.messages)

    @property
    def came(self) -> list[Message]:
        """Return the messages since `arm`."""
        return self.messages[self._began :]

    async def settle(self, within_s: float = OVER_WITHIN_S) -> list[str]:
        """Wait until all that was told is over, and told so; return what was told wrongly, or never ended."""
        ends_at = time.monotonic() + within_s
        while True:
            still = self.unended()
            if not still or time.monotonic() > ends_at:
                break
            await asyncio.sleep(_LOOK_S)
        return [*(f"nobody was told that this is over: {title}" for title in still), *self.twice()]

    def unended(self) -> list[str]:
        """Return the alerts that were told to begin and not to be over. One that flaps has minutes for that."""
        over = {one.alert_id for one in self.came if one.about == _OVER}
        openings = Counter(key for key, _ in {(one.key, one.alert_id) for one in self.came if one.about == "opened"})
        return [
            one.title
            for one in self.came
            if one.about == "opened"
            and one.alert_id not in over
            and one.kind not in STAY
            and openings[one.key] < UNSTEADY_TIMES
        ]

    def twice(self) -> list[str]:
        """Return the alerts that were told twice in the same state."""
        told = Counter(one.state for one in self.came if one.about in ("opened", _OVER))
        titles = {one.state: one.title for one in self.came}
        return [f"told {n} times: {titles[state]}" for state, n in told.items() if n > 1]

    def opened(self, since: float) -> Message | None:
        """Return the first message that told of an alert that began, from `since` on."""
        return next(self._begun(since), None)

    def first(self, since: float) -> dict[str, float]:
        """Return title -> seconds from `since` until somebody outside was told that it began, for each alert."""
        told: dict[str, float] = {}
        for one in self._begun(since):
            told.setdefault(one.title, one.at - since)
        return told

    def causes(self, since: float) -> tuple[str, ...]:
        """Return the kinds of the alerts that somebody outside was told of from `since` on, the first one first."""
        return tuple(dict.fromkeys(one.kind for one in self._begun(since)))

    def _begun(self, since: float) -> Iterator[Message]:
        told = (one for one in self.came if one.about == "opened" and one.at >= since)
        return (one for one in told if one.kind not in BEFORE)

    def ended(self) -> int:
        """Return how many of the alerts that were told since `arm` were told to be over."""
        begun = {one.alert_id for one in self.came if one.about == "opened"}
        return len(begun & {one.alert_id for one in self.came if one.about == _OVER})
