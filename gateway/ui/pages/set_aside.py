"""`/set-aside`: events that cannot be published as they are; and one of them, to be mended or taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.operations import mending, outbox_removal
from gateway.operations.json_diff import differences
from gateway.problems.problem import Problem
from gateway.ui import figures, flash, forms, i18n, letter_form, preferences
from gateway.ui.formats import pretty_json
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go, render
from gateway.ui.words import own_words
from gateway.verdict import runbooks
from gateway.verdict.kinds import TRAITS, Kind
from projections.reads import paging, set_aside
from schemas.outbox_seal import FORGED

PATH: Final = "/set-aside"
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class View:
    """The state of the list, for the links of its foot."""

    cursor: str = ""

    def url(self, cursor: str = "") -> str:
        """Return the list's address, from a row on or from the top."""
        return f"{PATH}?{urlencode({'cursor': cursor})}" if cursor else PATH


async def show(request: Request) -> Response:
    """Show the events that are set aside, the oldest first: what is wrong, and how many wait behind each."""
    i18n.use(preferences.read(request).language)
    view = View(request.query_params.get("cursor", "")[:2000])
    try:
        page = await set_aside.find(request.state.services.shown, cursor=view.cursor or None, limit=PAGE)
    except paging.BadCursor:
        return go(request, PATH)
    return await render(request, "set_aside.html", view=view, page=page, runbook=_RUNBOOK)


async def show_one(request: Request, seq: str) -> Response:
    """Show an event with its data, why it cannot be published, and its edits."""
    return await _page_of(request, seq)


async def show_edit(_request: Request, seq: str) -> Response:
    """Redirect to the event: after an invalid edit the browser has this address."""
    number = seq if seq.isascii() and seq.isdecimal() else ""
    return RedirectResponse(f"{PATH}/{number}" if number else PATH, 303)


async def edit(request: Request, seq: str) -> Response:
    """Give an event other data; invalid data comes back as it was written."""
    form = await forms.begin(request)
    written = letter_form.of_form(form)
    if not written.reason:
        return await _page_of(request, seq, written=written, wrong=_("Say why: it is kept with the event."))
    try:
        data = letter_form.read(written.payload)
        mended = await mending.edit(request, seq, data, written.reason, expect=forms.asked(form).expect)
    except letter_form.NotJson as error:
        return await _page_of(request, seq, written=written, wrong=_("Not mended: %(why)s", why=error))
    except Problem as problem:
        if problem.kind == "not-found":
            raise
        return await _page_of(request, seq, written=written, wrong=_said(problem), status=problem.status)
    figures.forget(request)
    text = _("Mended: it goes out within seconds, and what waits behind it after it.")
    return go(request, f"{PATH}/{mended.seq}", flash.Flash("done", text))


async def remove(request: Request, seq: str) -> Response:
    """Take out an event that nobody decided; if it stays, the page shows it again with the reason."""
    form = await forms.begin(request)
    reason = forms.text(form, "reason")
    if not reason:
        return await _page_of(request, seq, wrong=_("Say why: the audit keeps it with what the event was."))
    try:
        taken = await outbox_removal.take_out(request, seq, reason)
    except Problem as problem:
        if problem.kind != "wrong-status":
            raise
        found = problem.extra["currentStatus"]
        return await _page_of(request, seq, wrong=_(_STAYS[found]), status=problem.status)
    figures.forget(request)
    text = _("Taken out: version %(n)s of %(stream)s is free again.", n=taken.version, stream=taken.stream)
    return go(request, PATH, flash.Flash("done", text))


async def _page_of(
    request: Request, seq: str, *, written: letter_form.Written | None = None, wrong: str = "", status: int = 422
) -> Response:
    """Return the event's page; `written` is an edit that could not be taken, `wrong` says why."""
    i18n.use(preferences.read(request).language)
    try:
        found = await mending.read(request, seq)
    except Problem:
        return await render(request, "missing.html", status=404)
    return await render(
        request,
        "set_aside_event.html",
        status=status if wrong else 200,
        event=found.event,
        found=found,
        differences=[] if found.original is None else differences(found.original, found.data),
        forged=(found.event.reason or "").startswith(FORGED),
        mendable=found.event.state == "set_aside" and not found.event.raw,
        written=written or letter_form.Written(found.event.type, pretty_json(found.data)),
        wrong=wrong,
        runbook=_RUNBOOK,
    )


#: What a refusal of an edit means, by its kind.
_REFUSED: Final = {
    "wrong-status": i18n.mark("It takes no edit any more: look at its state. Nothing was changed."),
    "version-mismatch": i18n.mark(
        "Somebody has edited it since you opened this page: look again. Nothing was changed."
    ),
    "unavailable": i18n.mark("The schemas cannot be read now, so the data cannot be checked. Try again in a moment."),
}
#: Why an event is not taken out, by what it was found to be.
_STAYS: Final[dict[outbox_removal.Outcome, str]] = {
    "genuine": i18n.mark(
        "It stays: a process of this system decided it as it stands, and what follows counts on it. Mend it instead."
    ),
    "decided": i18n.mark(
        "It stays: it is a decision that somebody has changed. The database's owner puts it back, as the runbook says."
    ),
    "unasked": i18n.mark(
        "It stays: seals are not asked for here (MARKETPLACE_SIGNING), so nothing tells who has decided it."
    ),
}
_RUNBOOK: Final = runbooks.address(TRAITS[Kind.EVENTS_SET_ASIDE].runbook)


def _said(problem: Problem) -> str:
    """Say why an edit was refused; of data that does not fit, each place with its reason."""
    if problem.kind in _REFUSED:
        return _(_REFUSED[problem.kind])
    errors = problem.extra.get("errors", ())
    said = "; ".join(own_words.said(f"{one['path']} {one['message']}").text for one in errors)
    return _("Not mended: %(why)s", why=said[:1000])
