"""PagerDuty, by its Events API v2: an incident for each alert, which is acknowledged and resolved with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from gateway.alerts import words
from gateway.alerts.alert import About
from gateway.alerts.message import Item, Message
from gateway.alerts.notifiers.base import post

ADDRESS: Final = "https://events.pagerduty.com/v2/enqueue"
#: What is done to the incident that there is.
_ACTIONS: Final = {About.RESOLVED: "resolve", About.ACKNOWLEDGED: "acknowledge"}
_SUMMARY: Final = 1024
_KEY: Final = 255


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """`source` names this system: two that share a service do not share incidents."""

    key: str = field(repr=False)
    source: str
    url: str = ADDRESS
    gathers: bool = False  # an incident is resolved by its own key
    acknowledges: bool = True

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.key,)

    async def send(self, message: Message) -> str:
        told = ""
        for event in self.events(message):
            told = await post(self.url, orjson.dumps({"routing_key": self.key, **event}), {}, good=(202,))
        return told

    def events(self, message: Message) -> list[dict[str, Any]]:
        """Return the events of a message. What is no alert opens an incident and ends it at once."""
        if message.items:
            return [self._of(item, message) for item in message.items]
        key = {"dedup_key": message.message_id}
        said = {"summary": message.title[:_SUMMARY], "source": self.source, "severity": message.severity}
        return [{**key, "event_action": "trigger", "payload": said}, {**key, "event_action": "resolve"}]

    def _of(self, item: Item, message: Message) -> dict[str, Any]:
        key = f"{self.source}/{item.key}"[:_KEY]
        if item.about in _ACTIONS:
            return {"event_action": _ACTIONS[About(item.about)], "dedup_key": key}
        details = {
            **item.fields,
            "evidence": item.evidence,
            "recommendation": item.recommendation,
            "runbook": item.runbook,
            "message": message.message_id,
        }
        return {
            "event_action": "trigger",
            "dedup_key": key,
            "client": "Marketplace Resilience System",
            "client_url": item.link,
            "links": [
                {"href": address, "text": words.speech(message.language).text(text)}
                for address, text in ((item.link, words.SHOW), (item.runbook, words.RUNBOOK), (item.trace, words.TRACE))
                if address
            ],
            "payload": {
                "summary": item.title[:_SUMMARY],
                "source": self.source,
                "severity": item.severity,
                "timestamp": item.began_at,
                "class": item.kind,
                "custom_details": {name: text for name, text in details.items() if text},
            },
        }
