"""Turns a form's POST into a command, and its result into a message on the next page."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.commands.answer import Answer
from gateway.commands.deciding import decide, decide_many
from gateway.problems.problem import Problem, not_found
from gateway.ui import flash, forms, landing, states
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.rendering import go
from gateway.ui.words import four_eyes_words
from gateway.ui.words.lifecycle_words import PLAN_BUTTONS, done
from schemas.lifecycle import OF
from schemas.plan import ADDED_TASK_LIMIT
from schemas.rules import Bar, Rule

BULK_LIMIT: Final = 200
#: The field whose value is a day, not a text.
DAY: Final = "due_on"


async def on_plan(request: Request, plan_id: UUID, action: str) -> Response:
    """Give a plan the command of the form, and go back to its page."""
    return await _on_one(request, "plan", plan_id, action)


async def on_task(request: Request, task_id: UUID, action: str) -> Response:
    """Give a task the command of the form, and go back to its page."""
    return await _on_one(request, "task", task_id, action)


async def on_plans(request: Request) -> Response:
    """Decide on the selected plans."""
    form = await forms.begin(request)
    action = forms.text(form, "action")
    if not any(action == one and button.decides for one, button in PLAN_BUTTONS.items()):
        raise not_found("action", action[:40])
    # a plan whose version the form lacks had no proposal to read on that page
    return await _on_many(request, form, "plan", action, "/plans", forms.seen(form))


async def on_tasks(request: Request) -> Response:
    """Give the selected tasks the command of the form."""
    form = await forms.begin(request)
    return await _on_many(request, form, "task", forms.text(form, "action"), "/tasks")


async def _on_one(request: Request, kind: str, which: UUID, action: str) -> Response:
    rule = _rule(kind, action)
    form = await forms.begin(request)
    back = forms.back(form, f"/{kind}s/{which}")
    data = _data(form, rule)
    if _missing(rule, data):
        every_reader = _("Say why: everyone who opens the plan reads it.")
        asks = every_reader if kind == "plan" else _("Something is missing: write a word about it.")
        return go(request, back, flash.Flash("fail", asks))
    answer = await decide(request, forms.asked(form), f"{kind}.{action}", which, data)
    wait = landing.plan_seen if kind == "plan" else landing.task_seen
    return go(request, back, said_of(f"{kind}.{action}", answer, seen=await wait(request, which, answer)))


async def _on_many(
    request: Request, form: Any, kind: str, action: str, otherwise: str, shown: dict[UUID, int] | None = None
) -> Response:
    """Give the selected rows a command. `shown`: give it to these alone, each in the version that the page showed."""
    rule = _rule(kind, action)
    data = _data(form, rule)
    back = forms.back(form, otherwise)
    selected = forms.ids(form, BULK_LIMIT)
    ids = selected if shown is None else [one for one in selected if one in shown]
    if not selected:
        return go(request, back, flash.Flash("fail", _("Nothing was selected.")))
    if not ids:
        return go(request, back, flash.Flash("fail", _left_out(len(selected))))
    if _missing(rule, data):
        return go(request, back, flash.Flash("fail", _("Something is missing: write a word about it.")))
    answers = await decide_many(request, forms.asked(form), f"{kind}.{action}", ids, data, shown)
    await landing.many_seen(request, kind, list(zip(ids, answers, strict=True)))
    return go(request, back, _said_of_many(kind, ids, answers, len(selected) - len(ids)))


def _left_out(number: int) -> str:
    return ngettext(
        "%(n)s was left out: there was nothing to decide when this page was made.",
        "%(n)s were left out: there was nothing to decide when this page was made.",
        number,
    )


def _rule(kind: str, action: str) -> Rule[Any]:
    rule: Rule[Any] | None = OF[kind].rules.get(action)
    if rule is None:
        raise not_found("action", action[:40])
    return rule


def _data(form: Any, rule: Rule[Any]) -> dict[str, str]:
    if not rule.field:
        return {}
    said = forms.text(form, rule.field, 120 if rule.field == "assignee" else forms.MAX_TEXT)
    return {rule.field: _day(said) if rule.field == DAY else said}


def _day(said: str) -> str:
    """Return a day in ISO 8601, "" for none. Raises Problem 400 for a text that no date field of a browser sends."""
    try:
        return date.fromisoformat(said).isoformat() if said else ""
    except ValueError:
        raise Problem("bad-request", "A day is written as YYYY-MM-DD. Reload the page and try again.") from None


def _missing(rule: Rule[Any], data: dict[str, str]) -> bool:
    """Return whether a required text is missing. An empty day is allowed: it removes the day."""
    return rule.insists and rule.field != DAY and not any(data.values())


def said_of(command: str, answer: Answer, *, seen: bool) -> flash.Flash:
    """Return the next page's message about a command; `seen`: the page shows the accepted change already."""
    if answer.outcome in ("accepted", "unchanged"):
        text = _(done(command)) if answer.outcome == "accepted" else _("That was done before: nothing changed.")
        if not seen:
            text += " " + _("It is accepted and safe; the pages will show it in a moment.")
        return flash.Flash("done" if answer.outcome == "accepted" else "info", text)
    return flash.Flash("fail", _refused(command, answer))


def _refused(command: str, answer: Answer) -> str:
    if answer.outcome == "version_mismatch":
        word = _(states.look(command.split(".", 1)[0], answer.status).word)
        return _(
            "Nothing was done: it was changed since this page was made, and its state is now “%(state)s”."
            " Look at it again, then decide.",
            state=word,
        )
    if answer.outcome == "wrong_status":
        word = _(states.look(command.split(".", 1)[0], answer.status).word)
        return _("Not possible: the state is now “%(state)s”.", state=word)
    if answer.outcome == "four_eyes":
        return four_eyes_words.why(Bar(answer.bar))
    if answer.outcome == "unknown_person":
        return _("Not possible: it is assigned to nobody who is here. Choose somebody from the list.")
    if answer.outcome == "cannot_see":
        return _(
            "Not possible: who it would be assigned to is not in the plan's team, and would not find the task."
            " Choose somebody of the team, or have an admin put them into it."
        )
    if answer.outcome == "too_many_tasks":
        return _(
            "Not added: people have added %(n)s tasks to this plan, which is the most. Change the text of an open task,"
            " or comment on it.",
            n=ADDED_TASK_LIMIT,
        )
    if answer.outcome == "not_found":
        return _("Not possible: it does not exist.")
    return _("Not possible: the form was used before. Reload the page and try again.")


def _said_of_many(kind: str, ids: list[UUID], answers: list[Answer], left_out: int) -> flash.Flash:
    outcomes = Counter(a.outcome for a in answers)
    done = outcomes["accepted"]
    text = ngettext("Done for %(n)s.", "Done for %(n)s.", done)
    if outcomes["unchanged"]:
        text += " " + ngettext("%(n)s was like that before.", "%(n)s were like that before.", outcomes["unchanged"])
    if left_out:
        text += " " + _left_out(left_out)
    rows = [
        flash.Row(f"{str(one)[:8]}: {_refused(f'{kind}.', answer)}", f"/{kind}s/{one}")
        for one, answer in zip(ids, answers, strict=True)
        if answer.outcome not in ("accepted", "unchanged")
    ]
    if rows:
        text += " " + ngettext("%(n)s was not possible:", "%(n)s were not possible:", len(rows))
    return flash.Flash("fail" if rows and not done else "info" if rows or left_out else "done", text, rows)
