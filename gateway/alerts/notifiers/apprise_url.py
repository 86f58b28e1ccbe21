"""Any service that the library Apprise knows, by its address: more than a hundred of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from apprise import Apprise, AppriseAsset, NotifyType

from gateway.alerts import words
from gateway.alerts.message import Message
from gateway.alerts.notifiers.base import Failed
from gateway.alerts.notifiers.email import lines
from gateway.alerts.notifiers.threads import Blocking, OneThread
from gateway.verdict.traits import Severity
from gateway.verdict.words.own import Fate

# its lines quote addresses, which are keys: they go nowhere, and what became of a message is told without them
_LOG: Final = logging.getLogger("apprise")
_LOG.setLevel(logging.DEBUG)
_LOG.propagate = False

#: What its plugins log of a request that failed, of one that arrived, of one that was refused with an HTTP status, and
#: what the first one quotes where nobody took the connection. A plugin that says it in other words has perhaps reached
#: somebody.
_REQUEST_FAILED: Final = "Socket Exception: "
_ARRIVED: Final = "Sent "
_REFUSED: Final = re.compile(r"error=[45][0-9]{2}\.?$")
_NOT_CONNECTED: Final = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ConnectTimeout")

_TYPES: Final = {
    Severity.CRITICAL: NotifyType.FAILURE,
    Severity.WARNING: NotifyType.WARNING,
    Severity.INFO: NotifyType.INFO,
}


def valid(url: str) -> bool:
    """Say whether the library understands an address."""
    return Apprise(asset=_asset()).add(url)


@dataclass(frozen=True, slots=True)
class AppriseUrl(Blocking):
    url: str = field(repr=False)
    gathers: bool = True
    acknowledges: bool = False
    thread: OneThread = field(default_factory=lambda: OneThread("alerts-apprise"), repr=False, compare=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.url, self.url.partition("://")[2])

    def _deliver(self, message: Message) -> str:
        service = Apprise(asset=_asset())
        if not service.add(self.url):
            raise Failed(Fate.NO_ADDRESS, final=True)
        kind = NotifyType.SUCCESS if message.over else _TYPES[Severity(message.severity)]
        title = words.headline(message.title, message.language, repeat=message.may_repeat)
        with _listening() as heard:
            if service.notify(body="\n".join(lines(message)), title=title, notify_type=kind):
                return Fate.TAKEN
        raise Failed(Fate.NOT_DELIVERED, unsure=heard.unsure(len(service)))


@dataclass
class _Heard:
    """How many requests of one delivery arrived, how many did not, and of how many that is not known."""

    arrived: int = 0
    not_arrived: int = 0
    not_known: int = 0

    def unsure(self, receivers: int) -> bool:
        """Say whether one of so many receivers may have the message."""
        return self.arrived + self.not_known > 0 or self.not_arrived < receivers


#: The delivery that is under way; the library hands it on to the threads in which it works.
_heard: Final[ContextVar[_Heard | None]] = ContextVar("heard", default=None)


class _Listener(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if (heard := _heard.get()) is None:
            return
        line = record.getMessage()
        heard.arrived += line.startswith(_ARRIVED)
        if line.startswith(_REQUEST_FAILED):
            connected = not any(sign in line for sign in _NOT_CONNECTED)
            heard.not_known += connected
            heard.not_arrived += not connected
        elif record.levelno == logging.WARNING:  # what is sent is logged, too, and may say anything
            heard.not_arrived += bool(_REFUSED.search(line))


_LOG.addHandler(_Listener())


@contextmanager
def _listening() -> Iterator[_Heard]:
    token = _heard.set(heard := _Heard())
    try:
        yield heard
    finally:
        _heard.reset(token)


def _asset() -> AppriseAsset:
    return AppriseAsset(app_id="Marketplace", app_desc="Marketplace Resilience System")
