"""The texts of messages besides those of the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from gateway.verdict import flapping
from gateway.verdict.languages import DEFAULT, LANGUAGES, speech
from gateway.verdict.words.say import Text
from gateway.verdict.words.speech import Speech

__all__ = ("DEFAULT", "LANGUAGES", "speech")  # the languages of messages

TITLES: Final = {
    "worsened": "Worse: %(what)s",
    "reopened": "Still wrong: %(what)s",
    "recurred": "Wrong again: %(what)s",
    "escalated": "Nobody has acknowledged: %(what)s",
    "resolved": "Resolved after %(time)s: %(what)s",
}
#: The title of the end of one that came several times.
ON_AND_OFF: Final = "Resolved, wrong on and off for %(time)s: %(what)s"
SEVERITIES: Final = {"critical": "critical", "warning": "warning", "info": "info"}
STATES: Final = {
    "open": "open", "acknowledged": "acknowledged", "silenced": "silenced", "resolved": "resolved",
}  # fmt: skip
REPEAT: Final = "May be a repeat: %(what)s"
NOT_KNOWN: Final = "This message may be a repeat: whether it arrived before is not known. It is no second incident."
SEVERAL: Final = "%(count)s alerts (%(parts)s): %(first)s"
PARTS: Final = (("%(n)s open", "%(n)s open"), ("%(n)s resolved", "%(n)s resolved"))
MORE: Final = "and %(n)s more"
FOLLOWS: Final = "It shows in this, too: %(what)s"
COUNT: Final = "Count"
RATE: Final = "Rate"
WITHIN: Final = "%(n)s within %(time)s"
FOR: Final = "For"
LASTED: Final = "Lasted"
REASON: Final = "Reason"
SEVERITY: Final = "Severity"
BEGAN: Final = "Began"
RESOLVED: Final = "Resolved"
WHAT_TO_DO: Final = "What to do"
RUNBOOK: Final = "Runbook"
TRACE: Final = "Trace"
MESSAGE: Final = "Message %(id)s"
SHOW: Final = "Show the alert"
SHOW_ALL: Final = "Show all alerts"
DAILY: Final = "Daily summary of alerts"
WEEKLY: Final = "Weekly summary of alerts"
FROM_TO: Final = "From %(begins)s to %(ends)s UTC"
OPENED: Final = "Alerts opened: %(opened)s, critical ones among them: %(critical)s; resolved: %(resolved)s."
OPENED_LASTED: Final = (
    "Alerts opened: %(opened)s, critical ones among them: %(critical)s; resolved: %(resolved)s,"
    " after %(time)s on average."
)
GOING: Final = ("%(n)s goes on now.", "%(n)s go on now.")
CLEAR: Final = "Nothing is wrong now."
STILL: Final = "- %(severity)s, %(state)s, for %(time)s: %(what)s"
OFTEN: Final = "Most often:"
SUCH_AS: Final = "- %(n)s x %(kind)s, such as: %(what)s"
ARRIVED: Final = "%(notifier)s: %(sent)s messages arrived, %(failed)s did not."
#: Of reminders: the title where one task or plan is told of, and its line, by its state.
TASK: Final = {
    "due": "Due: %(what)s",
    "overdue": "Overdue: %(what)s",
    "decide": "Waits for an approval: %(what)s",
    "decide-late": "Still waits for an approval: %(what)s",
}
TASK_LINE: Final = {
    "due": "Due on %(day)s: %(what)s",
    "overdue": "Overdue, it was due on %(day)s: %(what)s",
    "decide": "Waits for an approval since %(day)s: %(what)s",
    "decide-late": "Still waits for an approval, since %(day)s: %(what)s",
}
#: Said of a task's title that an agent wrote.
NO_SOURCE: Final = "without a source in the document: %(numbers)s"
#: Titles where several are told of: tasks, plans, both.
TASKS: Final = (
    "%(n)s task of yours is due or overdue",
    "%(n)s tasks of yours are due or overdue",
)
PLANS: Final = ("%(n)s plan waits for an approval", "%(n)s plans wait for an approval")
BOTH: Final = "%(n)s tasks and plans wait for you"
#: Why somebody gets a reminder of plans, of both, of tasks.
APPROVED_BY_YOU: Final = (
    "You get this because you may approve these plans. What is decided is not told again."
    " To get none, or in another language: %(link)s"
)
BOTH_YOURS: Final = (
    "You get this because these tasks are assigned to you, and you may approve these plans. What is done or decided is"
    " not told again. To get none, or in another language: %(link)s"
)
YOURS: Final = (
    "You get this because these tasks are assigned to you. What is done is not told again."
    " To get none, or in another language: %(link)s"
)


def moment(told: str) -> str:
    """Return a time for people, to the second, in UTC."""
    return f"{datetime.fromisoformat(told).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def severity(name: str, said: Speech) -> str:
    """Return a severity in words; an unknown one, as of a later version, keeps its name."""
    return said.text(SEVERITIES[name]) if name in SEVERITIES else name


def headline(title: str, language: str, *, repeat: bool) -> str:
    """Return the title of a message. If it may have arrived before, the title says that it may be a repeat."""
    return speech(language).text(REPEAT) % {"what": title} if repeat else title


def messages() -> Iterator[Text]:
    """Return every text, for the catalogues."""
    yield from TITLES.values()
    yield ON_AND_OFF
    yield from SEVERITIES.values()
    yield from STATES.values()
    yield from PARTS
    yield from (SEVERAL, MORE, FOLLOWS, COUNT, RATE, WITHIN, FOR, LASTED, REASON, SEVERITY, BEGAN, RESOLVED, WHAT_TO_DO)
    yield from (flapping.SAID, RUNBOOK, TRACE, REPEAT, NOT_KNOWN)
    yield from (MESSAGE, SHOW, SHOW_ALL, DAILY, WEEKLY, FROM_TO, OPENED, OPENED_LASTED, GOING, CLEAR, STILL, OFTEN)
    yield from TASK.values()
    yield from TASK_LINE.values()
    yield NO_SOURCE
    yield from (SUCH_AS, ARRIVED, TASKS, YOURS, PLANS, BOTH, APPROVED_BY_YOU, BOTH_YOURS)
