"""A notifier for any service that the library Apprise knows, more than a hundred, by its address."""

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

# its log lines quote addresses, which are keys: they are dropped, and results are reported without them
_LOG: Final = logging.getLogger("apprise")
_LOG.setLevel(logging.DEBUG)
_LOG.propagate = False

#: The log lines of its plugins for a request that failed, that arrived, that was refused with an HTTP status, and the
#: quote in the first one if no connection was made. After a line in other words a message may have arrived.
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
    """Return whether the library understands an address."""
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
    """The counts of one delivery's requests: arrived, failed, unknown."""

    arrived: int = 0
    not_arrived: int = 0
    not_known: int = 0

    def unsure(self, receivers: int) -> bool:
        """Return whether one of `receivers` may have the message although no arrival is known."""
        return self.arrived + self.not_known > 0 or self.not_arrived < receivers


#: The present delivery; the library passes it on to its threads.
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
