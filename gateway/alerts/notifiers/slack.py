"""Slack: an incoming webhook, with the figures as fields. Servers that take the same form take it, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from gateway.alerts import words
from gateway.alerts.alert import About
from gateway.alerts.message import Item, Message
from gateway.alerts.notifiers.base import post
from gateway.verdict.traits import Severity
from gateway.verdict.words.speech import Speech

_COLOURS: Final = {Severity.CRITICAL: "#c62828", Severity.WARNING: "#ef6c00", Severity.INFO: "#1565c0"}
_OVER: Final = "#2e7d32"
#: The most characters that Slack takes of a text, and of a field.
_MOST: Final = 2900
_FIELD: Final = 1900
#: Up to so many alerts in one message each say what to do; with more, their pages do.
_EACH: Final = 3


@dataclass(frozen=True, slots=True)
class Slack:
    """Sends to an incoming webhook. `channel` overrides the webhook's own, if the webhook allows it."""

    url: str = field(repr=False)
    channel: str = ""
    gathers: bool = True
    acknowledges: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.url, self.url.rpartition("/services/")[2])

    async def send(self, message: Message) -> str:
        return await post(self.url, orjson.dumps(payload(message, self.channel)), {}, good=(200,))


def payload(message: Message, channel: str = "") -> dict[str, Any]:
    """Return the body of a Slack message. `text` is the preview on a phone."""
    one, speech = message.only, words.speech(message.language)
    blocks = _one(one, speech) if one is not None else _several(message, speech)
    if message.may_repeat:
        blocks.insert(0, _section(f"_{speech.text(words.NOT_KNOWN)}_"))
    blocks.append(_context([speech.text(words.MESSAGE) % {"id": message.message_id}]))
    colour = _OVER if message.over else _COLOURS[Severity(message.severity)]
    title = words.headline(message.title, message.language, repeat=message.may_repeat)
    said: dict[str, Any] = {"text": _escaped(title), "attachments": [{"color": colour, "blocks": blocks}]}
    return {**said, "channel": channel} if channel else said


def _one(item: Item, speech: Speech) -> list[dict[str, Any]]:
    blocks = [_section(f"*{_escaped(item.title)}*\n{_escaped(item.evidence)}".strip())]
    severity = words.severity(item.severity, speech)
    shown = {
        speech.text(words.SEVERITY): severity,
        speech.text(words.BEGAN): words.moment(item.began_at),
        **item.fields,
    }
    shown |= {speech.text(words.RESOLVED): words.moment(item.resolved_at)} if item.resolved_at else {}
    fields = [{"type": "mrkdwn", "text": f"*{name}*\n{_escaped(text)}"[:_FIELD]} for name, text in shown.items()]
    blocks.append({"type": "section", "fields": fields[:10]})
    if item.recommendation:
        blocks.append(_section(f"*{speech.text(words.WHAT_TO_DO)}*\n{_escaped(item.recommendation)}"))
    links = [f"<{item.link}|{speech.text(words.SHOW)}>"]
    links += [f"<{item.trace}|{speech.text(words.TRACE)}>"] if item.trace else []
    links += [f"<{item.runbook}|{speech.text(words.RUNBOOK)}>"] if item.runbook else []
    blocks.append(_context(links))
    return blocks


def _several(message: Message, speech: Speech) -> list[dict[str, Any]]:
    blocks = [_section(f"*{_escaped(message.title)}*")]
    lines = []
    for item in message.items:
        lines.append(f"• {_marked(item, speech)}<{item.link}|{_escaped(item.title)}>")
        if message.count <= _EACH and item.recommendation:
            lines.append(f"_{speech.text(words.WHAT_TO_DO)}_: {_escaped(item.recommendation)}")
    if message.count > len(message.items) and message.items:
        lines.append(speech.text(words.MORE) % {"n": message.count - len(message.items)})
    if message.text:
        lines.append(_escaped(message.text))
    text = ""
    for line in lines:
        if len(text) + len(line) > _MOST and text:
            blocks.append(_section(text))
            text = ""
        text += line + "\n"
    blocks.append(_section(text or "-"))
    if message.link:
        blocks.append(_context([f"<{message.link}|{speech.text(words.SHOW_ALL)}>"]))
    return blocks


def _marked(item: Item, speech: Speech) -> str:
    return "" if item.about == About.RESOLVED else f"*{words.severity(item.severity, speech)}* "


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_MOST]}}


def _context(parts: list[str]) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": part[:_MOST]} for part in parts]}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
