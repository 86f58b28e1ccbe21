"""What is sent: a message about one alert or several, before any notifier gives it its own form. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any, Final

from gateway.alerts import titles, words
from gateway.alerts.alert import About, Alert
from gateway.settings import trace_page
from gateway.verdict import flapping
from gateway.verdict.finding import RANK, Finding
from gateway.verdict.runbooks import FOLDER, address
from gateway.verdict.traits import Severity
from gateway.verdict.words.findings import say
from gateway.verdict.words.say import reason
from gateway.verdict.words.speech import ENGLISH, Speech, span
from schemas.process.log_context import Ids
from schemas.process.telemetry import trace_id

#: Alerts that a message lists one by one; the others are counted.
LISTED: Final = 20
#: Of what follows from an alert so many are told one by one.
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One alert in a message. `fields` are its figures, such as Count and Rate, in words.

    `consequences`: what follows from it, in words; `evidence` includes the first of them. `runbook`: the address of its
    page. `trace`: the address of the trace of its plan, "" if no address of traces is set. `duration_s`: from when it
    began until it was gone. `incident`: the number of messages that said that it is wrong, including this one.
    """

    alert_id: str
    key: str
    about: str
    kind: str
    severity: str
    title: str
    evidence: str
    recommendation: str
    began_at: str
    link: str
    runbook: str = ""
    resolved_at: str = ""
    duration_s: float | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    trace: str = ""
    traceparent: str = ""
    consequences: tuple[str, ...] = ()
    incident: int = 1


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task that its assignee is reminded of, `due` or `overdue`; or a plan that waits, `decide` or `decide-late`.

    `day`: on which the task is due, or since when the plan waits. `strange`: numbers of its title that no figure of the
    document supports.
    """

    task_id: str
    title: str
    day: str
    state: str
    strange: tuple[str, ...] = ()

    @property
    def is_plan(self) -> bool:
        return self.state in ("decide", "decide-late")


#: The fields of this version: others, which a later version wrote, are left out.
_ITEM: Final = frozenset(one.name for one in fields_of(Item))


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `message_id` is the same at every attempt.

    `count` counts all its alerts, `items` lists the first of them.

    `text`: the text of a message without alerts, such as a summary. `may_repeat`: nobody knows whether an earlier
    attempt arrived; this belongs to the attempt, and is not stored with the message.
    """

    message_id: str
    title: str
    severity: str
    items: tuple[Item, ...] = ()
    count: int = 0
    text: str = ""
    link: str = ""
    language: str = words.DEFAULT
    may_repeat: bool = False

    @property
    def only(self) -> Item | None:
        return self.items[0] if self.count == 1 and len(self.items) == 1 else None

    @property
    def traceparents(self) -> Sequence[str]:
        return [item.traceparent for item in self.items]

    @property
    def ids(self) -> Sequence[Ids]:
        """The ids for log lines about it: the traces of its plans."""
        return [Ids(None, None, traceparent) for traceparent in self.traceparents if traceparent]

    @property
    def over(self) -> bool:
        """Return whether all of its alerts are resolved."""
        return bool(self.items) and all(item.about == About.RESOLVED for item in self.items)

    def to_json(self) -> dict[str, Any]:
        told = asdict(self)
        del told["may_repeat"]
        for one in told["items"]:  # an engine of the version before does not know them
            for name in ("trace", "traceparent", "consequences"):
                if not one[name]:
                    del one[name]
            if one["incident"] == 1:
                del one["incident"]
        return told

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        items = tuple(_item(one) for one in data["items"])
        return cls(**{**data, "items": items})


def _item(data: Mapping[str, Any]) -> Item:
    known = {name: value for name, value in data.items() if name in _ITEM}
    if known.get("runbook", "").startswith(FOLDER):  # from an engine of before: receivers refuse what is no address
        known["runbook"] = ""
    return Item(**{**known, "consequences": tuple(known.get("consequences", ()))})


def in_words(alert: Alert, speech: Speech = ENGLISH) -> tuple[str, str, str]:
    """Return text, evidence and advice. Without a finding they are the stored words."""
    if alert.finding is None or speech is ENGLISH:
        return alert.words
    said = say(alert.finding, speech)
    return said.text, said.evidence, said.advice


def item(
    alert: Alert,
    about: About,
    page_url: str,
    speech: Speech = ENGLISH,
    trace_url: str = "",
    *,
    openings: int = 0,
    incident: int = 1,
) -> Item:
    """Return the item of one alert.

    `page_url`: the pages' address; `trace_url`: that of a trace, with a place for its id.

    `openings`: how often it opened lately; for a flapping alert the item says when it is over. `incident`: see Item.
    """
    text, evidence, advice = in_words(alert, speech)
    following = tuple(say(one, speech).text for one in alert.follows)
    seconds = titles.lasted(alert)
    resolved = about is About.RESOLVED
    shown = with_what_follows(evidence, following, speech)
    return Item(
        str(alert.alert_id),
        alert.key,
        about,
        alert.kind,
        alert.severity,
        titles.title(alert, about, text, speech),
        "" if resolved else f"{shown} {flapping.said(openings, speech)}".strip(),  # what was so is so no more
        "" if resolved else advice.replace("`", ""),
        _iso(alert.began),
        f"{page_url}/alerts/{alert.alert_id}",
        "" if resolved or not alert.runbook else f"{page_url}{address(alert.runbook)}",
        "" if alert.resolved_at is None else _iso(alert.resolved_at),
        None if seconds is None else round(seconds, 1),
        _figures(alert, seconds, speech),
        trace_page(trace_url, trace_id(alert.traceparent)) or "",
        alert.traceparent or "",
        following,
        incident,
    )


def with_what_follows(evidence: str, following: Sequence[str], speech: Speech = ENGLISH) -> str:
    """Return the evidence of an alert with what follows from it."""
    if not following:
        return evidence
    shown = list(following[:SHOWN])
    if len(following) > SHOWN:
        shown.append(speech.text(words.MORE) % {"n": len(following) - SHOWN})
    said = speech.text(words.FOLLOWS) % {"what": " ".join(shown)}
    return f"{evidence} {said}".strip()


def _figures(alert: Alert, seconds: float | None, speech: Speech) -> dict[str, str]:
    """Return the figures of an alert; of one that is over, how long it lasted alone: the others are so no more."""
    if seconds is not None:
        return {speech.text(words.LASTED): span(seconds, speech)}
    return {} if alert.finding is None else fields(alert.finding, speech)


def gathered(message_id: str, items: Sequence[Item], page_url: str, language: str = words.DEFAULT) -> Message:
    """Return one message of several alerts: the most severe first, resolved ones last."""
    latest = _latest(items)
    ordered = sorted(latest, key=lambda one: (one.about == About.RESOLVED, -RANK[Severity(one.severity)]))
    first = ordered[0]
    if len(ordered) == 1:
        return Message(message_id, first.title, first.severity, (first,), 1, link=first.link, language=language)
    over = sum(one.about == About.RESOLVED for one in ordered)
    speech, counts = words.speech(language), (len(ordered) - over, over)
    parts = [speech.plural(*texts, n) % {"n": n} for n, texts in zip(counts, words.PARTS, strict=True) if n]
    values = {"count": len(ordered), "parts": ", ".join(parts), "first": first.title}
    title, shown = speech.text(words.SEVERAL) % values, tuple(ordered[:LISTED])
    return Message(message_id, title, first.severity, shown, len(ordered), link=f"{page_url}/alerts", language=language)


def reminding(
    message_id: str, tasks: Sequence[DueTask], page_url: str, language: str = words.DEFAULT, more: int = 0
) -> Message:
    """Return the message that reminds somebody of tasks and plans, of one at least.

    It is nobody's alert, and has no severity. `more`: so many others are not among them.
    """
    speech, lines, count = words.speech(language), [], len(tasks) + more
    for task in tasks[:LISTED]:
        said = speech.text(words.TASK_LINE[task.state]) % {"day": task.day, "what": " ".join(task.title.split())}
        if task.strange:
            said += f" ({speech.text(words.NO_SOURCE) % {'numbers': '; '.join(task.strange)}})"
        lines += [said, f"{page_url}/{'plans' if task.is_plan else 'tasks'}/{task.task_id}", ""]
    if count > LISTED:
        lines += [speech.text(words.MORE) % {"n": count - LISTED}, ""]
    marked = f"{tasks[0].title} [?]" if tasks[0].strange else tasks[0].title
    title = speech.text(words.TASK[tasks[0].state]) % {"what": marked}
    kinds = {task.is_plan for task in tasks}
    if count > 1:
        several = words.BOTH if len(kinds) > 1 else words.PLANS if True in kinds else words.TASKS
        form = speech.text(several) if isinstance(several, str) else speech.plural(*several, count)
        title = form % {"n": speech.number(count)}
    why = words.BOTH_YOURS if len(kinds) > 1 else words.APPROVED_BY_YOU if True in kinds else words.YOURS
    text = "\n".join([*lines, speech.text(why) % {"link": f"{page_url}/sign-ins"}])
    page = "tasks?assignee=me" if False in kinds else "plans?overdue=1&sort=uploadedAt"
    return Message(message_id, title, "", text=text, link=f"{page_url}/{page}", language=language)


def _latest(items: Sequence[Item]) -> list[Item]:
    """Return the latest item of each alert: its end, if it opened and ended while messages were delayed."""
    by_alert: dict[str, Item] = {}
    for one in items:
        before = by_alert.get(one.alert_id)
        if before is None or before.about != About.RESOLVED:
            by_alert[one.alert_id] = one
    return list(by_alert.values())


def fields(finding: Finding, speech: Speech = ENGLISH) -> dict[str, str]:
    """Return the figures of a finding as a receiver shows them."""
    values, said = finding.values, {}
    if isinstance(count := values.get("count"), int):
        said[speech.text(words.COUNT)] = speech.number(count)
    if "recent" in values and isinstance(within := values.get("within"), float):
        rate = {"n": values["recent"], "time": span(within, speech)}
        said[speech.text(words.RATE)] = speech.text(words.WITHIN) % rate
    if isinstance(share := values.get("share"), str):
        said[speech.text(words.RATE)] = share
    if isinstance(age := values.get("age"), int | float):
        said[speech.text(words.FOR)] = span(age, speech)
    if isinstance(why := values.get("reason"), str) and why:
        said[speech.text(words.REASON)] = reason(why, speech)
    return said


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
