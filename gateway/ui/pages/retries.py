"""`/retries`: records that wait for another attempt, to be tried now or given up by an operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.operations.retrying import Result, give_up, retry_now
from gateway.problems.problem import not_found
from gateway.ui import flash, forms, letter_lists, signed_in
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.pages.letter_filter import BURYING, codes_of
from gateway.ui.rendering import go, render
from projections.reads import paging, retries

PATH: Final = "/retries"
PAGE: Final = 50
BULK_LIMIT: Final = 200
#: Refusals that are listed one by one.
LISTED: Final = 5


async def show(request: Request) -> Response:
    """Show a page of records that wait, the next one first; those that have ended with the filter."""
    view = letter_lists.read(PATH, request.query_params, retries.STATES)
    state = view.status or "waiting"
    wanted = retries.RetryFilter(
        states=(state,),
        groups=(view.group,) if view.group else (),
        codes=codes_of(view.code),
        types=(view.type,) if view.type else (),
        key=view.plan,
        q=view.q,
    )
    sort = retries.DEFAULT_ORDER if state == "waiting" else "-since"
    db = request.state.services.shown
    try:
        page = await retries.find(db, wanted, sort=sort, cursor=view.cursor or None, limit=PAGE, count=True)
    except paging.BadCursor:
        return go(request, view.url())
    return await render(
        request,
        "retries.html",
        view=view,
        page=page,
        states=retries.STATES,
        choices={**await retries.choices(db, state), "group": sorted(BURYING)},
        may_operate=signed_in.may_operate(request),
    )


async def act(request: Request) -> Response:
    """Try the selected records now, or give them up."""
    form = await forms.begin(request)
    back, ids, action = forms.back(form, PATH), chosen(forms.texts(form, "id")), forms.text(form, "action")
    if action not in {"now", "give-up"}:
        raise not_found("action", action[:40])
    if not ids:
        return go(request, back, flash.Flash("fail", _("Nothing was selected.")))
    if action == "now":
        return go(request, back, said(await retry_now(request, ids), _("On its way.")))
    reason = forms.text(form, "reason")
    if not reason:
        return go(request, back, flash.Flash("fail", _("Say why: it is kept with the record.")))
    return go(request, back, said(await give_up(request, ids, reason), _("Given up: it is a dead letter in a moment.")))


def chosen(ids: Sequence[str]) -> list[str]:
    """Return the selected records, each once."""
    return list(dict.fromkeys(one[:400].replace("\0", "") for one in ids[:BULK_LIMIT] if one))


def said(results: Sequence[Result], done_words: str, count: Callable[[Sequence[Result]], int] = len) -> flash.Flash:
    """Return the message about an action: its counts, and why: the first refusals one by one, the others by reason.

    `count` says how many some of the results are, where what was acted on is several of the same.
    """
    refused = [r for r in results if r.problem is not None]
    done = count([r for r in results if r.outcome == "accepted"])
    same = count([r for r in results if r.problem is None and r.outcome != "accepted"])
    parts = []
    if done:
        parts.append(done_words if len(results) == 1 else ngettext("Done for %(n)s.", "Done for %(n)s.", done))
    if same:
        parts.append(ngettext("%(n)s was like that before.", "%(n)s were like that before.", same))
    if refused:
        parts.append(ngettext("%(n)s was not possible:", "%(n)s were not possible:", len(refused)))
    rows = [flash.Row(f"{r.record_id[:60]}: {why(r)}", "") for r in refused[:LISTED]]
    rows += [
        flash.Row(ngettext("%(n)s more: %(why)s", "%(n)s more: %(why)s", n, why=reason))
        for reason, n in Counter(why(r) for r in refused[LISTED:]).most_common()
    ]
    return flash.Flash(
        "fail" if refused and not done else "info" if refused or not done else "done", " ".join(parts), rows
    )


def why(result: Result) -> str:
    """Return why nothing was done, in the reader's language."""
    known = {
        "not_found": _("it does not exist."),
        "behind": _("it waits behind another record of its plan: decide about that one first."),
        "resolved": _("it has been handled or given up in the meantime."),
        "discarded": _("it was discarded."),
        "replayed": _("its last replay has not come back."),
        "blocked": _("it came back three times: find the cause first."),
        "unread": _("nobody reads the topic that it says it came from: discard it."),
        "failed": _("it cannot be sent again: discard it, its bytes are kept."),
    }
    return known.get(result.outcome, result.outcome)
