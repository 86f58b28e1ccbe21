"""Alerts as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, local_time, plain, short
from gateway.settings import notifier_setting
from gateway.verdict import flapping
from gateway.verdict.words.speech import span

Row = Mapping[str, Any]
SEVERITIES: Final = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
STATES: Final = {"open": "red", "acknowledged": "yellow", "silenced": "dim", "resolved": "green"}
SENT: Final = {"sent": "green", "waiting": "yellow", "passed_on": "yellow", "failed": "red"}


def alerts(rows: Sequence[Row]) -> Table:
    made = table("ID", "STATE", "SEVERITY", "WHAT", "OPENED", "LASTED", "TOLD")
    for row in rows:
        made.add_row(
            short(row["alertId"]),
            plain(row["state"], STATES.get(row["state"], "")),
            plain(row["severity"], SEVERITIES.get(row["severity"], "")),
            plain(_said(row) + _following(row["consequences"]) + _flaps(row)),
            plain(ago(row["openedAt"])),
            plain(span(row["lastedSeconds"])),
            plain(_told(row["sent"])),
        )
    return made


def silences(rows: Sequence[Row]) -> Table:
    made = table("ALERT", "WHAT", "NOW", "UNTIL", "BY", "REASON")
    for row in rows:
        now = "over" if row["over"] else "goes on"
        told = (short(row["alertId"]), row["text"], now, local_time(row["until"]), row["silencedBy"], row["reason"])
        made.add_row(*(plain(one) for one in told))
    return made


def _said(row: Row) -> str:
    """Say what is wrong; of what is over, that it is what was seen last."""
    text: str = row["text"]
    return f"last seen: {text}" if row["resolvedAt"] else text


def alert(row: Row) -> RenderableType:
    return Group(*_parts(row))


def _parts(row: Row) -> Iterator[RenderableType]:
    yield plain(_said(row), SEVERITIES.get(row["severity"], ""))
    yield plain(f"  ? {row['evidence']}") if row["evidence"] else plain("")
    for one in row["consequences"]:
        yield plain(f"  + {one['text']}")
    if row["harm"]:
        yield plain(f"  = {row['harm']['text']}")
    yield plain(f"  > {row['advice']}")
    yield plain(f"{row['state']}, {row['severity']}, {row['key']}, opened {ago(row['openedAt'])}{_flaps(row)}")
    if row["acknowledgedAt"]:
        yield plain(f"acknowledged by {row['acknowledgedBy']} {ago(row['acknowledgedAt'])} {row['note']}".strip())
    if row["silencedUntil"]:
        until = f"until {local_time(row['silencedUntil'])}: {row['silenceReason']}"
        yield plain(f"silenced by {row['silencedBy']} {ago(row['silencedAt'])}, {until}")
    if row["resolvedAt"]:
        lasted = f"{'wrong on and off for' if row['came'] > 1 else 'after'} {span(row['lastedSeconds'])}"
        yield plain(f"resolved {ago(row['resolvedAt'])}, {lasted}")
    if row["causedBy"]:
        yield plain(f"follows from the alert {row['causedBy']}")
    if row["runbook"]:
        yield plain(f"runbook {row['runbook']}")
    yield sent(row["sent"])


def sent(rows: Sequence[Row]) -> Table:
    made = table("TOLD OF", "NOTIFIER", "STATE", "WHEN", "ATTEMPT", "ANSWER", right=("ATTEMPT",))
    for row in rows:
        state = plain(row["state"].replace("_", " "), SENT.get(row["state"], ""))
        if not row["tries"]:
            due = plain(local_time(row["dueAt"]))
            made.add_row(plain(row["about"]), plain(row["notifier"]), state, due, "-", plain(row["error"]))
        for one in row["tries"]:
            detail = f"{one['outcome']}: {one['detail']}" if one["detail"] else one["outcome"]
            made.add_row(
                plain(row["about"]),
                plain(row["notifier"]),
                state,
                plain(ago(one["at"])),
                plain(one["attempt"]),
                plain(detail),
            )
    return made


_ALONE: Final = (
    "  Nobody else is told when no one acknowledges an alert: there is no other notifier.",
    "  > Give the alert engine a second one, such as SMTP_HOST or PAGERDUTY_KEY.",
)


def tried(row: Row, *, escalates: bool = True) -> RenderableType:
    """Return whether a test arrived, and if it did not, what to do about it."""
    name = row["notifier"]
    if row["state"] == "sent":
        arrived = plain(f"The test by {name} arrived: {row['tries'][-1]['detail']}", "green")
        return arrived if escalates else Group(arrived, *(plain(line) for line in _ALONE))
    if not row["tries"]:
        waits = plain(f"The test by {name} did not arrive: no alert engine has taken it up", "red")
        return Group(waits, plain("  > See whether one runs: marketplace logs alerts"))
    lines = [plain(f"The test by {name} did not arrive: {row['tries'][-1]['detail']}", "red")]
    if setting := notifier_setting(name):
        lines.append(plain(f"  > See {setting} of the alert engine, and start the engine again if you change it."))
    if row["state"] == "waiting":
        lines.append(plain("  > It is tried again by itself: the receiver may have been away for a moment."))
    return Group(*lines)


def _following(rows: Sequence[Row]) -> str:
    return f" (+{len(rows)} that follow)" if rows else ""


def _flaps(row: Row) -> str:
    said = "" if row["state"] == "resolved" else flapping.said(row["openedLately"])
    return f" {said}" if said else ""


def _told(rows: Sequence[Row]) -> str:
    told = [row["notifier"] if row["state"] == "sent" else f"{row['notifier']} ({row['state']})" for row in rows]
    return ", ".join(dict.fromkeys(name.replace("_", " ") for name in told)) or "nobody"
