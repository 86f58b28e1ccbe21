"""`/letters`: dead letters by cause and one by one; and one of them, to be mended, replayed or discarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.operations import discarding, letters, skeleton
from gateway.operations.json_diff import differences
from gateway.operations.retrying import Result
from gateway.problems.problem import Problem, not_found
from gateway.ui import figures, flash, forms, i18n, letter_form, letter_lists, preferences, signed_in, small_charts
from gateway.ui.amounts import number
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.letter_count import in_rows, records, replaying
from gateway.ui.pages import dry_run, replays
from gateway.ui.pages.letter_filter import BURYING, filter_of
from gateway.ui.pages.retries import chosen, said
from gateway.ui.rendering import go, render
from gateway.ui.words import own_words
from gateway.ui.words.consequence_words import of_letter
from projections.dead_letters import reads as dead_letters
from projections.reads import letter_counts, letter_steps, outlook, paging
from projections.reads import replays as replay_reads
from projections.reads.letter_filter import LetterFilter
from projections.timeline import reads as timeline

PATH: Final = "/letters"
PAGE: Final = 50
CAUSES: Final = 20
#: Replays that are shown, the last ones.
JOBS: Final = 5
HISTORY: Final = 200


async def moved(request: Request) -> Response:
    """Redirect from the address that people guess to the letters, with its filters."""
    asked = request.url.query
    return RedirectResponse(f"{PATH}?{asked}" if asked else PATH, 308)


async def show(request: Request) -> Response:
    """Show the causes, and a page of letters by the filters in the URL."""
    view = letter_lists.read(PATH, request.query_params, dead_letters.STATES)
    db = request.state.services.shown
    wanted = filter_of(view)
    try:
        page = await dead_letters.find(db, wanted, cursor=view.cursor or None, limit=PAGE)
    except paging.BadCursor:
        return go(request, view.url())
    causes = await letter_counts.causes(db, LetterFilter())
    by_state = await letter_counts.record_counts(db)
    may = signed_in.may_operate(request)
    worth_it = replace(wanted, states=("open",), readable=True)
    to_replay = await letter_counts.counted(db, worth_it if may and by_state["open"] else None)
    unwanted = _to_discard(view) if may and page.items else None
    newest = None if unwanted is None else await dead_letters.newest(db, unwanted)
    # the log's time, not this machine's: letters that appear later may have an earlier time
    until = None if newest is None else newest + timedelta(microseconds=1)
    return await render(
        request,
        "letters.html",
        view=view,
        page=page,
        fitting=await letter_counts.counted(db, wanted),
        in_rows=in_rows,
        states=dead_letters.STATES,
        counts_by_state=by_state,
        causes=causes[:CAUSES],
        chosen_cause=next((c for c in causes if c.fingerprint == view.cause), None),
        choices=_choices(causes),
        since=letter_lists.SINCE,
        narrowing=letter_lists.NARROWING,
        jobs=await replay_reads.jobs(db, JOBS),
        to_replay=to_replay,
        dry_run=replace(view, path=dry_run.PATH).url(status=""),
        rates=letter_lists.RATES,
        to_discard=await letter_counts.counted(db, unwanted and replace(unwanted, until=until)),
        until="" if until is None else until.isoformat(),
        trends={c.fingerprint: small_charts.bars_of([(n, n) for n in c.record_trend]) for c in causes[:CAUSES]},
        may_operate=may,
    )


def _choices(causes: Sequence[letter_counts.Cause]) -> dict[str, list[str]]:
    """Return the filters that the list offers. A cause can have letters of several groups."""
    found = {name: {getattr(c, name) for c in causes} - {""} for name in ("code", "type")}
    return {**{name: sorted(those) for name, those in found.items()}, "group": sorted(BURYING)}


async def show_one(request: Request, record_id: str) -> Response:
    """Show a letter with its payload, its headers and the history of its plan; `type` begins an edit of such a type."""
    type_ = request.query_params.get("type", "")
    return await _page_of(request, record_id, type_=type_ if type_ in skeleton.types() else "")


async def _page_of(
    request: Request,
    record_id: str,
    *,
    type_: str = "",
    written: letter_form.Written | None = None,
    wrong: str = "",
    status: int = 422,
) -> Response:
    """Return the letter's page; `written` is an invalid edit, `wrong` says why."""
    i18n.use(preferences.read(request).language)
    db = request.state.services.shown
    try:
        letter = await letters.read(request, record_id)
    except Problem:
        return await render(request, "missing.html", status=404)
    history = (await timeline.of_plan(db, letter.plan_id, limit=HISTORY)).items if letter.plan_id else []
    (expected,) = await outlook.of(db, [record_id], force=False)
    return await render(
        request,
        "letter.html",
        status=status if wrong else 200,
        letter=letter,
        consequence=of_letter(
            of_plan=letter.plan_id is not None, others=await dead_letters.others(db, letter.plan_id, record_id)
        ),
        outlook=expected,
        differences=[] if letter.edit is None else differences(letter.data or {}, letter.edit),
        written=written or letter_form.of_letter(letter, type_),
        wrong=wrong,
        edit_open=bool(wrong or type_),
        types=skeleton.types(),
        twins=await outlook.twins(db, record_id),
        hex=(letter.value or b"")[:256].hex(" "),
        events=list(reversed(history)),
        steps=await letter_steps.of_letter(db, record_id),
        may_operate=signed_in.may_operate(request),
    )


async def act(request: Request) -> Response:
    """Replay or discard the selected letters, show a dry run, or replay every letter that fits the filter."""
    form = await forms.begin(request)
    back, ids, action = forms.back(form, PATH), chosen(forms.texts(form, "id")), forms.text(form, "action")
    force = forms.text(form, "force") == "yes"
    if action == "replay-all":
        return go(request, back, await _replay_all(request, form))
    if action == "discard-all":
        return go(request, back, await _discard_all(request, form))
    if action not in {"replay", "discard", "dry-run"}:
        raise not_found("action", action[:40])
    if not ids:
        return go(request, back, flash.Flash("fail", _("Nothing was selected.")))
    if action == "dry-run":
        return go(request, dry_run.of_letters(ids))
    if action == "replay" and len(ids) > 1:
        return go(request, back, await _start(request, form, ids, {"recordIds": ids}, force=force))
    if action == "replay":
        results = [await letters.replay_one(request, ids[0], force=force)]
        return _answer(request, back, results, _("Sent again. Whether it is handled shows here in a moment."))
    reason = forms.text(form, "reason")
    if not reason:
        return go(request, back, flash.Flash("fail", _("Say why: it is kept with the letter.")))
    return _answer(request, back, await discarding.discard(request, ids, reason), _("Discarded. Its bytes are kept."))


async def show_edit(_request: Request, record_id: str) -> Response:
    """Redirect to the letter: after an invalid edit the browser has this address."""
    return RedirectResponse(f"{PATH}/{quote(record_id, safe='')}", 303)


async def edit(request: Request, record_id: str) -> Response:
    """Store another payload for the next replay; an invalid one comes back as it was written."""
    form = await forms.begin(request)
    written = letter_form.of_form(form)
    if not written.reason:
        return await _page_of(request, record_id, written=written, wrong=_("Say why: it is kept with the letter."))
    try:
        payload = letter_form.read(written.payload)
        edited = await letters.edit(
            request, record_id, payload, written.type, written.reason, expect=forms.asked(form).expect
        )
    except letter_form.NotJson as error:
        return await _page_of(request, record_id, written=written, wrong=_("Not kept: %(why)s", why=error))
    except Problem as problem:
        why = _("Not kept: %(why)s", why=_said(problem))
        return await _page_of(request, record_id, written=written, wrong=why, status=problem.status)
    n = len(edited.differences)
    text = ngettext("Kept: %(n)s difference to the original.", "Kept: %(n)s differences to the original.", n)
    return go(request, f"{PATH}/{quote(record_id, safe='')}", flash.Flash("done", text))


def _said(problem: Problem) -> str:
    """Return the errors of a payload: each place with its reason."""
    errors = problem.extra.get("errors", ())
    said = "; ".join(own_words.said(f"{one['path']} {one['message']}").text for one in errors)
    return said[:1000] or problem.detail[:400]


async def _replay_all(request: Request, form: FormData) -> flash.Flash:
    view = _view(form, status=False)
    wanted = replace(filter_of(view), states=("open",), readable=forms.text(form, "unreadable") != "yes")
    try:
        ids = await letters.to_replay(request, wanted)
    except Problem:
        return flash.Flash(
            "fail",
            _("More fit than one replay takes, which is %(n)s: narrow the list.", n=number(letters.MOST_REPLAYED)),
        )
    if not ids:
        return flash.Flash("info", _("No open letter fits."))
    return await _start(request, form, ids, {"selection": _selection(wanted)}, force=False)


def _view(form: FormData, *, status: bool) -> letter_lists.LetterView:
    """Return the list that a form is about, as it stood in its address."""
    fields = {name: forms.text(form, name, 200) for name in letter_lists.NARROWING if status or name != "status"}
    return letter_lists.read(PATH, QueryParams(fields), dead_letters.STATES)


def _rate(form: FormData) -> float:
    """Return the rate that was chosen; one that is not offered is the first."""
    text = forms.text(form, "rate", 10)
    return float(next((rate for rate in letter_lists.RATES if str(rate) == text), letter_lists.RATES[0]))


def _to_discard(view: letter_lists.LetterView) -> LetterFilter | None:
    """Return the letters of a list that wait for a person, and can be discarded; None where it has none of them."""
    waiting = ("open", outlook.BLOCKED)
    if view.status and view.status not in waiting:
        return None
    return replace(filter_of(view), states=(view.status,) if view.status else waiting)


async def _discard_all(request: Request, form: FormData) -> flash.Flash:
    """Discard the letters of a list that it had when it was shown: nobody has seen those that came since."""
    reason = forms.text(form, "reason")
    if not reason:
        return flash.Flash("fail", _("Say why: it is kept with the letter."))
    try:
        until = datetime.fromisoformat(forms.text(form, "until", 40))
    except ValueError:
        until = None
    if until is None or until.tzinfo is None:
        raise not_found("time", forms.text(form, "until", 40))
    unwanted = _to_discard(_view(form, status=True))
    if unwanted is None:
        raise not_found("list", forms.text(form, "status", 40))
    wanted = replace(unwanted, until=until)
    shown = forms.text(form, "shown", 10)
    if not shown.isdecimal() or await dead_letters.count(request.state.services.shown, wanted) > int(shown):
        return flash.Flash("fail", _("More letters fit now than when the page was shown: look at them first."))
    found = await discarding.discard_fitting(request, wanted, reason, None)
    figures.forget(request)
    told = said(found.results, _("Discarded. Its bytes are kept."), records) if found.results else None
    if told is None:
        return flash.Flash("info", _("No letter fits."))
    if not found.left:
        return told
    left = ngettext("%(n)s row is left: discard once more.", "%(n)s rows are left: discard once more.", found.left)
    return replace(told, tone="info", text=f"{told.text} {left}")


async def _start(
    request: Request, form: FormData, ids: list[str], asked: dict[str, Any], *, force: bool
) -> flash.Flash:
    """Begin a replay at this page's rate; the same form sent twice begins it once."""
    key = forms.asked(form).key
    job_id = await letters.start_replay(request, ids, asked, rate=_rate(form), force=force, key=key)
    figures.forget(request)
    return flash.Flash("done", replaying(ids), [flash.Row(_("Show what becomes of each"), f"{replays.PATH}/{job_id}")])


def _selection(wanted: LetterFilter) -> dict[str, Any]:
    """Return a filter in the words of the API; what narrows nothing is not in it."""
    given: dict[str, Any] = {
        "state": list(wanted.states),
        "fingerprint": wanted.fingerprint,
        "code": list(wanted.codes),
        "group": list(wanted.groups),
        "type": list(wanted.types),
        "plan": str(wanted.plan_id or ""),
        "since": wanted.since.isoformat() if wanted.since else "",
        "q": wanted.q,
        "readable": wanted.readable,
    }
    return {name: value for name, value in given.items() if value}


def _answer(request: Request, back: str, results: list[Result], words: str) -> Response:
    figures.forget(request)
    return go(request, back, said(results, words))
