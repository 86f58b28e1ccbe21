"""Who did what, in the reader's language: what an action is called, of what it was, how it ended, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from gateway.ui.formats import utc
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.states import BREAKER, JOB, LETTER, ROLE
from gateway.ui.words import own_words, sign_in_words
from gateway.ui.words.lifecycle_words import PLAN, PLAN_BUTTONS, TASK
from gateway.ui.words.look import Look
from projections.reads.audit import Audited
from schemas.lifecycle import AddedAction, ChannelAction, PhaseAction, TaskAction, TextAction

#: Each action of schemas/audit.py; a test holds it to them.
ACTIONS: Final[dict[str, str]] = {
    "plan.upload": mark("Uploaded a document"),
    **{f"plan.{action}": button.audited for action, button in PLAN_BUTTONS.items()},
    "plan.recover": mark("Had a plan recovered"),
    "plan.move_on": mark("Moved a plan on by hand"),
    "plan.erase": mark("Erased the document of a plan"),
    f"plan.channel.{ChannelAction.ANALYSE_AGAIN}": mark("Had a channel analysed again"),
    f"plan.phase.{PhaseAction.START}": mark("Began a phase"),
    f"plan.task.{AddedAction.ADD}": mark("Added a task to a plan"),
    f"task.text.{TextAction.CHANGE}": mark("Changed the text of a task"),
    f"task.{TaskAction.ASSIGN}": mark("Assigned a task"),
    f"task.{TaskAction.START}": mark("Started a task"),
    f"task.{TaskAction.COMPLETE}": mark("Completed a task"),
    f"task.{TaskAction.FAIL}": mark("Marked a task as failed"),
    f"task.{TaskAction.RETRY}": mark("Took a task up again"),
    f"task.{TaskAction.CANCEL}": mark("Cancelled a task"),
    f"task.{TaskAction.RESCHEDULE}": mark("Changed the day of a task"),
    f"task.{TaskAction.COMMENT}": mark("Commented on a task"),
    "sign-in": mark("Signed in"),
    "sign-in.failed": mark("Failed to sign in"),
    "sign-out": mark("Signed out"),
    "key.create": mark("Made a key"),
    "key.change": mark("Changed a key"),
    "key.rotate": mark("Replaced the secret of a key"),
    "key.revoke": mark("Revoked a key"),
    "link.create": mark("Made a sign-in link"),
    "sign-in.end": mark("Ended a sign-in of their own"),
    "person.create": mark("Made a person"),
    "person.change": mark("Changed a person"),
    "person.end": mark("Ended a person"),
    "person.erase": mark("Erased a person"),
    "person.link": mark("Signed in with an account for the first time"),
    "team.create": mark("Made a team"),
    "team.change": mark("Renamed a team"),
    "team.close": mark("Closed a team"),
    "team.add": mark("Put somebody into a team"),
    "team.remove": mark("Took somebody out of a team"),
    "plan.move": mark("Gave a plan to another team, or to none"),
    "letter.read": mark("Read a dead letter"),
    "letter.edit": mark("Edited a dead letter"),
    "letter.replay": mark("Replayed a dead letter"),
    "letter.discard": mark("Discarded a dead letter"),
    "replay.start": mark("Began a replay of many"),
    "replay.cancel": mark("Cancelled a replay of many"),
    "document.read": mark("Read the rows of a document"),
    "set-aside.read": mark("Read an event that is set aside"),
    "outbox.edit": mark("Mended an event that is set aside"),
    "outbox.remove": mark("Took out an event that nobody decided"),
    "retry.now": mark("Had a record tried at once"),
    "retry.give-up": mark("Gave a record up"),
    "breaker.trip": mark("Opened a circuit breaker"),
    "breaker.reset": mark("Closed a circuit breaker"),
    "flag.on": mark("Switched a feature on"),
    "flag.off": mark("Switched a feature off"),
    "process.end": mark("Had a process end"),
    "alert.acknowledge": mark("Acknowledged an alert"),
    "webhook.create": mark("Registered a webhook"),
    "webhook.change": mark("Changed a webhook"),
    "webhook.rotate": mark("Replaced the secret of a webhook"),
    "webhook.remove": mark("Removed a webhook"),
    "webhook.again": mark("Had events sent again to a webhook"),
    "alert.hook": mark("Told of an alert that is none"),
    "alert.silence": mark("Silenced an alert"),
    "alert.unsilence": mark("Ended the silence of an alert"),
    "alert.test": mark("Sent a test alert"),
    "goods.record": mark("Told costs and stock"),
    "goods.cost.delete": mark("Deleted a cost"),
    "goods.cost.currency": mark("Changed the currency of a cost"),
    "goods.advertising.delete": mark("Deleted a report of advertising"),
    "mapping.change": mark("Changed a mapping of columns"),
    "mapping.forget": mark("Forgot a mapping of columns"),
    "mapping.propose": mark("Had an agent propose a mapping of columns"),
    "retention.delete": mark("Deleted what was past its time"),
    "export.attempts": mark("Downloaded attempts"),
    "export.audit": mark("Downloaded the audit"),
    "export.costs": mark("Downloaded the products without costs"),
    "export.events": mark("Downloaded the events of a plan"),
    "export.figures": mark("Downloaded the figures of a plan"),
    "export.plans": mark("Downloaded plans"),
    "export.proposals": mark("Downloaded what a plan proposes"),
    "export.slo": mark("Downloaded the objectives"),
    "export.tasks": mark("Downloaded tasks"),
    "system.backup": mark("Made a backup"),
    "system.restore": mark("Restored a backup"),
    "system.provision": mark("Made topics or schemas"),
    "system.signing": mark("Noted where signing begins"),
    "system.grow": mark("Added partitions"),
    "system.retire": mark("Retired a producers' key"),
    "system.rights": mark("Gave each process its rights in the database"),
    "system.rebuild": mark("Put rebuilt read models in place"),
    "system.takeover": mark("Took over in another region"),
}
#: How it ended, where it was not simply done. What is not here was refused for a reason of its own.
OUTCOMES: Final[dict[str, str]] = {
    "accepted": mark("done"),
    "unchanged": mark("was so already"),
    "refused": mark("refused"),
    "not_found": mark("refused: it does not exist"),
    "wrong_status": mark("refused: not possible in its status"),
    "version_mismatch": mark("refused: changed in the meantime"),
    "four_eyes": mark("refused: somebody else has to approve"),
    "unknown_person": mark("refused: nobody has this handle"),
    "cannot_see": mark("refused: they do not see the plan"),
    "too_many_tasks": mark("refused: as many tasks were added as the plan takes"),
    "key_reused": mark("refused: the idempotency key was used before"),
    "duplicate": mark("refused: the file is known already"),
    "team_closed": mark("refused: the team is closed"),
    "not_waiting": mark("refused: it waits for nothing"),
    "resolved": mark("refused: it is over"),
    "behind": mark("refused: another one comes before it"),
    "genuine": mark("refused: a process of this system decided it"),
    "decided": mark("refused: it was decided, and somebody changed it"),
    "unasked": mark("refused: signatures are not required here"),
}
#: What an entry tells of before and after.
FIELDS: Final[dict[str, str]] = {
    "status": mark("State"),
    "version": mark("Version"),
    "name": mark("Name"),
    "role": mark("Role"),
    "scopes": mark("Limited to"),
    "expires_at": mark("Ends"),
    "person": mark("Person"),
    "key": mark("Key"),
    "team": mark("Team"),
    "email": mark("E-mail"),
    "reminders": mark("Reminders of tasks and of plans that wait"),
    "language": mark("Language of messages"),
    "issuer": mark("Provider of the account"),
    "state": mark("State"),
    "enabled": mark("Switched on"),
    "given": mark("Given with it"),
    "given_characters": mark("Given with it, characters"),
    "channels": mark("Channels"),
    "priority": mark("Priority"),
    "plans": mark("Plans"),
    "path": mark("Address of the page"),
    "by": mark("By"),
    "until": mark("Until"),
    "rows": mark("Rows"),
    "filter": mark("Filter"),
    "letters": mark("Letters"),
    "previous_works_s": mark("The secret before works on, seconds"),
    "force": mark("In spite of their limit"),
    "rate": mark("Letters a second"),
    "type": mark("Type"),
    "changed": mark("Changed"),
    "stream": mark("Stream"),
    "for_seconds": mark("For seconds"),
    "valid_from": mark("Valid from"),
    "currency": mark("Currency"),
    "(currency)": mark("Currency, where the document tells none"),
    "(team)": mark("Team"),
    "costs": mark("Costs"),
    "stock": mark("Stock"),
    "advertising": mark("Reports of advertising"),
    "agent": mark("Agent"),
    "tables": mark("Tables"),
    "columns": mark("Columns"),
    "sha256": mark("Fingerprint of the file"),
    "url": mark("Address"),
    "types": mark("Events"),
    "paused": mark("Paused"),
    "failing_since": mark("Failing since"),
    "deliveries": mark("Deliveries"),
    "channel": mark("Channel"),
    "(channel)": mark("Channel, where rows name none"),
    "unnamed": mark("Channel of sales that name none"),
    "of_plan": mark("From the document of the plan"),
    "unit_cost": mark("Unit cost"),
    "packaging": mark("Packaging"),
    "tax_rate": mark("Tax rate"),
    "amount": mark("Amount"),
    "first_day": mark("From"),
    "last_day": mark("To"),
    "done": mark("Made or changed"),
    "partitions": mark("Partitions"),
    "before": mark("Partitions before"),
    "after": mark("Partitions after"),
    "made_at": mark("Backup of"),
    "webhooks_paused": mark("Webhooks paused"),
    "users": mark("Users of the database"),
    "passwords": mark("Passwords given"),
    "added": mark("Earlier rights stay"),
    "differences": mark("Differences"),
    "back": mark("Taken back"),
    "lacked": mark("Records that the log lacked"),
    "sent": mark("Events sent again"),
    "since": mark("Since"),
}
#: What is given with a command, where its name is no word by itself.
GIVEN: Final[dict[str, str]] = {
    "due_on": mark("Due"),
    "assignee": mark("Assignee"),
    "note": mark("Note"),
    "phase": mark("Phase"),
    "channel": mark("Channel"),
    "channels": mark("Channels"),
    "tasks": mark("Tasks"),
}
#: Values that are no more than what their field says.
BY: Final[dict[str, str]] = {
    "key": mark("a key"),
    "link": mark("a link that works once"),
    "oidc": mark("an account of the company"),
}
#: Fields that nobody reads first.
_LAST: Final = ("sha256",)


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of an entry; `before` is empty where it is told of what is now alone."""

    field: str
    before: str
    after: str


def action(name: str) -> str:
    """Say what was done; one of a newer version by its name."""
    return _(ACTIONS[name]) if name in ACTIONS else name


def outcome(name: str) -> str:
    return _(OUTCOMES[name]) if name in OUTCOMES else f"{_('refused')}: {name}"


def tone(name: str) -> str:
    """Return the colour of an outcome, by the style sheet's name."""
    return {"accepted": "done", "unchanged": "off"}.get(name, "fail")


def reason(one: Audited) -> str:
    """Return why: in the reader's language what the system noted, and as they wrote it what people did."""
    if one.action == "sign-in.failed":
        return sign_in_words.noted(one.reason) or one.reason
    if one.action in ("alert.hook", "alert.acknowledge"):
        return own_words.said(one.reason).text
    return one.reason


def changes(one: Audited) -> list[Changed]:
    """Return the fields that an audit entry says have changed, each with its values before and after."""
    before, after = one.before or {}, one.after or {}
    names = [name for name in dict.fromkeys((*before, *after)) if name not in before or before[name] != after.get(name)]
    names.sort(key=lambda name: name in _LAST)
    told = [field for name in names for field in _fields(one, name, before, after)]
    return [field for field in told if field.before or field.after]


def _fields(one: Audited, name: str, before: dict[str, Any], after: dict[str, Any]) -> list[Changed]:
    """Return a field; each of its own where one has what was given with a command."""
    given = after.get(name)
    if name == "given" and isinstance(given, dict):
        return [Changed(_(GIVEN[key]) if key in GIVEN else key, "", _text(value)) for key, value in given.items()]
    word = _(FIELDS[name]) if name in FIELDS else name
    return [Changed(word, _value(one, name, before), _value(one, name, after))]


def _value(one: Audited, name: str, told: dict[str, Any]) -> str:
    if (value := told.get(name)) in (None, {}):
        return ""
    by_kind = {"plan": PLAN, "task": TASK, "breaker": BREAKER, "replay": JOB, "letter": LETTER}
    looks: dict[str, Look] = by_kind.get(one.kind, {})
    if name in ("status", "state") and value in looks:
        return _(looks[value].word)
    if name in ("by", "role") and value in (known := BY if name == "by" else ROLE):
        return _(known[value])
    if name.endswith("_at") and isinstance(value, str | int | float):
        return utc(value)
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()
