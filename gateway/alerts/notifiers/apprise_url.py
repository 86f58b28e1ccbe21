"""Any service that the library Apprise knows, by its address: more than a hundred of them."""

from __future__ import annotations

import logging
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

# its lines quote addresses, which are keys: what became of a message is told without it
logging.getLogger("apprise").disabled = True

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
        if not service.notify(body="\n".join(lines(message)), title=title, notify_type=kind):
            raise Failed(Fate.NOT_DELIVERED, unsure=True)  # it does not say whether anybody was reached
        return Fate.TAKEN


def _asset() -> AppriseAsset:
    return AppriseAsset(app_id="Marketplace", app_desc="Marketplace Resilience System")
