"""PagerDuty, by its Events API v2: an incident for each alert, which is acknowledged and resolved with it.

PagerDuty only appends a trigger to an open incident and pages nobody, even if the one who acknowledged it sleeps. So an
alert that is sent anew resolves the earlier incident, and opens one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from gateway.alerts import words
from gateway.alerts.alert import TELLS, About
from gateway.alerts.message import Item, Message
from gateway.alerts.notifiers.base import post
from gateway.settings import incident_key

ADDRESS: Final = "https://events.pagerduty.com/v2/enqueue"
_SUMMARY: Final = 1024


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """Sends events to PagerDuty. `source` names this system, so that two systems with one service share no incident."""

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
        """Return the events of a message. A message without an alert opens an incident and resolves it at once."""
        if message.items:
            return [event for item in message.items for event in self._of(item, message)]
        key = {"dedup_key": message.message_id}
        said = {"summary": message.title[:_SUMMARY], "source": self.source, "severity": message.severity}
        return [{**key, "event_action": "trigger", "payload": said}, {**key, "event_action": "resolve"}]

    def _of(self, item: Item, message: Message) -> list[dict[str, Any]]:
        key = incident_key(self.source, item.key, item.incident)
        if item.about == About.ACKNOWLEDGED:
            return [{"event_action": "acknowledge", "dedup_key": key}]
        # if the end of an alert never arrived, or was given up, the incident before is still open
        ends = [] if item.incident == 1 else [self._end(incident_key(self.source, item.key, item.incident - 1))]
        if item.about == About.RESOLVED:
            return [*ends, self._end(key)]
        return [*(ends if item.about in TELLS else ()), self._trigger(key, item, message)]

    @staticmethod
    def _end(key: str) -> dict[str, Any]:
        return {"event_action": "resolve", "dedup_key": key}

    def _trigger(self, key: str, item: Item, message: Message) -> dict[str, Any]:
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
