"""Receive the alert engine's messages as an outside receiver, with the time of each.

What counts is what came in Slack's form, for that is what installations use. The signed webhook, which gets the same
messages, says the kind and the key of each alert, which Slack's form has not.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Self

from gateway.alerts import words
from gateway.verdict import flapping
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
#: The engine says so often that it works, and who listens outside takes so long a silence for its death.
PROOF_EVERY_S: Final = 0.2
PROOF_MISSED_S: Final = 0.7
#: With the patience of an installation an alert is over later than in the drills.
OVER_PATIENTLY_S: Final = 45.0
_SLACK, _HOOK, _PROOF = "/services/T/B/drill", "/hook", "/proof"
#: A link to an alert's page in Slack's form, and how a title begins that does not tell that it began.
_LINK: Final = re.compile(r"<[^|<>]*/alerts/([0-9a-f-]{36})\|([^>]*)>")
#: What tells that something is wrong now: it began, or came again before its alert was over.
_BEGAN: Final = ("opened", "recurred")
_ABOUT: Final = tuple(
    (about, text.partition("%")[0]) for about, text in (*words.TITLES.items(), ("resolved", words.ON_AND_OFF))
)
_REPEAT: Final = words.REPEAT.partition("%")[0]


@dataclass(frozen=True, slots=True)
class Message:
    """What one message says of one alert. `at`: when it came, by the monotonic clock. `state`: that alert and state.

    `repeat`: it says itself that it may be one.
    """

    at: float
    about: str
    kind: str
    alert_id: str
    key: str
    title: str
    repeat: bool = False

    @property
    def state(self) -> tuple[str, str]:
        return self.alert_id, self.about


class Receiver:
    """Takes the messages of an alert engine on a free port, as long as it is entered: `with Receiver() as told`.

    `patient`: the engine waits as in an installation before it tells anybody.
    """

    def __init__(self, *, patient: bool = False) -> None:
        self._patient = patient
        self._got: list[Message] = []
        self._named: dict[str, tuple[str, str]] = {}
        self._proofs: list[float] = []
        self._began = 0
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                take(self.path, self.rfile.read(int(self.headers.get("content-length", 0))))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_POST  # noqa: N815 - the library's name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Log no request: the lines would mix with those of the drill."""

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
        routes.write_text('[[route]]\nto = ["slack", "webhook"]\n' + ("" if self._patient else "".join(holds)))
        host, port = self._server.server_address[:2]
        url = f"http://{host!s}:{port}"
        return {
            "SLACK_WEBHOOK_URL": f"{url}{_SLACK}",
            "MARKETPLACE_ALERT_WEBHOOK_URL": f"{url}{_HOOK}",
            "MARKETPLACE_ALERT_HEARTBEAT_URL": f"{url}{_PROOF}",
            "MARKETPLACE_ALERT_HEARTBEAT_EVERY": str(PROOF_EVERY_S),
            "MARKETPLACE_ALERT_ROUTES": str(routes),
        }

    def _take(self, path: str, body: bytes) -> None:
        if path == _PROOF:
            self._proofs.append(time.monotonic())
        elif path == _SLACK:
            self.take(json.loads(body))
        else:
            self.name(json.loads(body))

    def name(self, document: Mapping[str, Any]) -> None:
        """Take in the kinds and keys that a webhook tells."""
        self._named |= {one["alertId"]: (one["kind"], one["key"]) for one in document["alerts"]}

    def take(self, payload: Mapping[str, Any]) -> None:
        """Take in one message in Slack's form, which says something of one or more alerts."""
        now, text = time.monotonic(), html.unescape(payload["text"])
        repeat = text.startswith(_REPEAT)
        found = list(dict.fromkeys(_LINK.findall(json.dumps(payload, ensure_ascii=False))))
        for alert_id, label in found:
            title = text.removeprefix(_REPEAT) if len(found) == 1 else html.unescape(label)
            about = next((about for about, begins in _ABOUT if title.startswith(begins)), "opened")
            self._got.append(Message(now, about, "", alert_id, alert_id, title, repeat))

    def silent(self, since: float) -> float | None:
        """Return how long after `since` the engine was taken for gone, since its proof of life stopped; None: never."""
        proofs = [at for at in self._proofs if at >= since]
        last = max((at for at in self._proofs if at < since), default=since)
        for at in [*proofs, time.monotonic()]:
            if at - last > PROOF_MISSED_S:
                return last + PROOF_MISSED_S - since
            last = at
        return None

    def arm(self) -> None:
        """Count only what comes from now on."""
        self._began = len(self._got)

    @property
    def came(self) -> list[Message]:
        """Return the messages since `arm`."""
        unnamed = "", ""
        named = [(one, self._named.get(one.alert_id, unnamed)) for one in self._got[self._began :]]
        return [replace(one, kind=kind or "unknown", key=key or one.alert_id) for one, (kind, key) in named]

    async def settle(self, within_s: float | None = None) -> list[str]:
        """Wait until all that was told is over, and told so; return what was told wrongly, or never ended."""
        usual_s = OVER_PATIENTLY_S if self._patient else OVER_WITHIN_S
        ends_at = time.monotonic() + (usual_s if within_s is None else within_s)
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
            and openings[one.key] < flapping.TIMES
        ]

    def twice(self) -> list[str]:
        """Return the alerts that were told twice in the same state, without a word that it may be a repeat."""
        told = Counter(one.state for one in self.came if one.about in ("opened", _OVER) and not one.repeat)
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

    def again(self, since: float) -> int:
        """Return how many of the alerts from `since` on are one that came before, and was told to be over by then."""
        begun = list(self._begun(since))
        over = {one.alert_id: one.at for one in reversed(self.came) if one.about == _OVER}
        return sum(
            any(two.key == one.key for two in begun[:place])
            and all(over.get(two.alert_id, one.at) < one.at for two in begun[:place])
            for place, one in enumerate(begun)
        )

    def causes(self, since: float) -> tuple[str, ...]:
        """Return the kinds of the alerts that somebody outside was told of from `since` on, the first one first."""
        return tuple(dict.fromkeys(one.kind for one in self._begun(since)))

    def _begun(self, since: float) -> Iterator[Message]:
        told = (one for one in self.came if one.about in _BEGAN and one.at >= since)
        return (one for one in told if one.kind not in BEFORE)

    def ended(self) -> int:
        """Return how many of the alerts that were told since `arm` were told to be over."""
        begun = {one.alert_id for one in self.came if one.about == "opened"}
        return len(begun & {one.alert_id for one in self.came if one.about == _OVER})
