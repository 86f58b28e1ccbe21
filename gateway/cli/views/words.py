"""Text that may be shown, and how dates, amounts and states read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rich.text import Text

from gateway.verdict.words.speech import span
from schemas.channels import channel_name
from schemas.lifecycle import PlanAction, PlanStatus, TaskStatus

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

STATUS_STYLES: Final[Mapping[str, str]] = {
    PlanStatus.ANALYZING: "cyan",
    PlanStatus.AWAITING_APPROVAL: "yellow",
    PlanStatus.APPROVED: "cyan",
    PlanStatus.EXECUTING: "blue",
    PlanStatus.COMPLETED: "green",
    PlanStatus.REJECTED: "red",
    PlanStatus.CANCELLED: "dim",
    TaskStatus.OPEN: "yellow",
    TaskStatus.ASSIGNED: "cyan",
    TaskStatus.STARTED: "blue",
    TaskStatus.COMPLETED: "green",
    TaskStatus.FAILED: "red",
    TaskStatus.CANCELLED: "dim",
}
#: What the command of an action on plans says of itself, and whether it insists on a reason. Approving has its own.
DECISIONS: Final = {
    PlanAction.REJECT: ("Reject plans, with the reason.", True),
    PlanAction.CANCEL: ("Cancel plans; their tasks that are not done are cancelled too.", False),
}
PRIORITY_STYLES: Final = {"high": "bold red", "normal": "", "low": "dim"}


def plain(text: object, style: str = "") -> Text:
    """Return text as it stands: nothing in it is markup, or a command to the terminal."""
    return Text(_CONTROL.sub("\ufffd", str(text)), style=style)


def status(name: str) -> Text:
    return plain(name.replace("_", " "), STATUS_STYLES.get(name, ""))


def priority(name: str) -> Text:
    return plain(name, PRIORITY_STYLES.get(name, ""))


def short(identity: object) -> Text:
    """Return the first characters of an id: enough to type, hardly ever ambiguous."""
    return plain(str(identity)[:8], "bold")


def channels(names: Iterable[str]) -> Text:
    return plain(", ".join(channel_name(name) for name in names))


def brl(amount: float | None) -> str:
    """Return an amount of Brazilian reais, without centavos: these are estimates."""
    return "-" if amount is None else f"R$ {amount:,.0f}"


def worth(opportunities: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the sum of what opportunities are worth, None where no figure is known."""
    known = [one["worthBrl"] for one in opportunities if one.get("worthBrl") is not None]
    return sum(known) if known else None


def due(task: Mapping[str, Any]) -> Text:
    """Return the day by which a task is to be done."""
    day = task.get("dueOn")
    return plain(f"{day}, overdue", "bold red") if task.get("overdue") else plain(day or "-")


def when(text: str | None) -> datetime | None:
    """Read a time of the API."""
    return None if text is None else datetime.fromisoformat(text)


def ago(text: str | None, now: datetime | None = None) -> str:
    """Return how long ago that was."""
    moment = when(text)
    if moment is None:
        return "-"
    return f"{span(((now or datetime.now(UTC)) - moment).total_seconds())} ago"


def local_time(text: str | None) -> str:
    """Return a moment in the machine's own time zone."""
    moment = when(text)
    return "-" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def used(use: Mapping[str, Any]) -> str:
    """Say what the calls to one agent took."""
    cost = "" if use["cost"] is None else f", cost {use['cost']:.4f}"
    tokens = f"{use['inputTokens']:,} + {use['outputTokens']:,} tokens"
    return f"{use['agent']}: {use['calls']} calls, {tokens}, {use['seconds']:.1f} s{cost}"
