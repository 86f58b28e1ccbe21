"""The form for a Phase 1 that an operator writes: its fields, its payload, and its mistakes in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData

from gateway.ui import forms
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from schemas.phase1 import Phase1
from schemas.plan import OPERATOR_TASK_LIMIT

#: Empty rows for further tasks.
SPARE: Final = 2
#: Longer than any field may be: what is too long is told, not cut.
_READ: Final = 10_000
_TEXTS: Final = {"name": "name", "weeks": "weeks", "investment": "investment", "impact": "expectedImpact"}
_FIELDS: Final = {
    "name": mark("Name"),
    "weeks": mark("When"),
    "investment": mark("Investment"),
    "expectedImpact": mark("Expected impact"),
    "reason": mark("Reason"),
    "title": mark("What is to be done"),
    "what": mark("How"),
    "channel": mark("Channel"),
    "priority": mark("Priority"),
    "opportunityId": mark("Opportunity"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One task of the form."""

    title: str = ""
    what: str = ""
    channel: str = ""
    priority: str = "normal"
    opportunity: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The contents of the form for Phase 1; `rows` are its tasks without the spare ones."""

    name: str
    weeks: str
    investment: str
    impact: str
    reason: str
    rows: tuple[Row, ...]

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows with spare ones, up to the most tasks that there may be."""
        spare = max(0, min(SPARE, OPERATOR_TASK_LIMIT - len(self.rows)))
        return (*self.rows, *(Row() for _ in range(spare)))

    def document(self) -> dict[str, Any]:
        """Return the form as the API takes it."""
        tasks = [
            {
                "title": row.title,
                "what": row.what,
                "channel": row.channel or None,
                "priority": row.priority,
                "opportunityId": row.opportunity or None,
            }
            for row in self.rows
        ]
        texts = {theirs: getattr(self, ours) for ours, theirs in _TEXTS.items()}
        return {**texts, "reason": self.reason, "tasks": tasks}


def form_of(ahead: Phase1) -> Form:
    """Return the form as it is offered: with what an approval would make."""
    rows = [Row(t["title"], t["what"], t["channel"], t["priority"], t["opportunity_id"] or "") for t in ahead.tasks]
    # the impact is that of these tasks: left empty, it is worked out for those that are sent
    return Form(ahead.name, ahead.weeks, ahead.investment, "", "", tuple(rows[:OPERATOR_TASK_LIMIT]))


def written(form: FormData) -> Form:
    """Return the tasks that a person wrote, without empty rows and those that are ticked to be left out."""
    columns = [[_plain(v) for v in forms.texts(form, name)] for name in ("title", "what", "channel", "priority")]
    columns.append([_plain(v) for v in forms.texts(form, "opportunity")])
    out = set(forms.texts(form, "drop"))
    rows = [Row(*values) for n, values in enumerate(zip(*columns, strict=False), start=1) if str(n) not in out]
    kept = tuple(row for row in rows if row.title or row.what)
    texts = {name: forms.text(form, name, _READ) for name in _TEXTS}
    return Form(**texts, reason=forms.text(form, "reason", _READ), rows=kept)


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").strip()


def complaints(errors: Iterable[Mapping[str, Any]]) -> list[str]:
    """Put pydantic's errors of the document into words."""
    return list(dict.fromkeys(_complaint(tuple(e["loc"]), e["type"], e.get("ctx") or {}) for e in errors))


def _complaint(steps: Sequence[str | int], kind: str, limits: Mapping[str, Any]) -> str:
    if steps[-1] == "tasks":
        if kind == "too_long":
            return _("At most %(n)s tasks are possible.", n=OPERATOR_TASK_LIMIT)
        return _("Write at least one task: what is to be done is enough.")
    if steps[-1] == "dueOn":
        return _("Choose a day of the years 2000 to 2999, or none.")
    say: Callable[..., str] = _
    field = say(_FIELDS.get(str(steps[-1]), _FIELDS["title"]))
    if kind in {"string_too_short", "missing"}:
        text = _("%(field)s is missing.", field=field)
    elif kind == "string_too_long":
        text = _("%(field)s has more than %(n)s characters.", field=field, n=limits["max_length"])
    else:
        text = _("%(field)s cannot be taken like this.", field=field)
    if len(steps) > 2:
        return _("Task %(n)s: %(what)s", n=int(steps[-2]) + 1, what=text)
    return text
