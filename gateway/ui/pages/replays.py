"""`/letters/jobs/{id}`: a replay of many letters: how far it is, and what became of each."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.operations import letters
from gateway.problems.problem import Problem
from gateway.ui import flash, forms, i18n, preferences, signed_in
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go, render
from projections.reads import replays as reads

PATH: Final = "/letters/jobs"
PAGE: Final = 100
#: Outcomes of a letter that are no refusal.
GOOD: Final = frozenset({"accepted", "unchanged"})


async def show(request: Request, job_id: UUID) -> Response:
    """Show a replay with a page of its letters, in the order in which they are sent."""
    i18n.use(preferences.read(request).language)
    db = request.state.services.shown
    found = await reads.job(db, job_id)
    if found is None:
        return await render(request, "missing.html", status=404)
    asked = request.query_params.get("after", "")
    after = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0
    items = await reads.job_items(db, job_id, after, PAGE)
    following = after + len(items)
    return await render(
        request,
        "replay.html",
        job=found,
        items=items,
        after=after,
        following=following if items and following < found.total else None,
        good=GOOD,
        outcome_words=outcome_words,
        may_operate=signed_in.may_operate(request),
    )


async def cancel(request: Request, job_id: UUID) -> Response:
    """Cancel a replay. Letters that it has sent stay sent."""
    form = await forms.begin(request)
    back = forms.back(form, f"{PATH}/{job_id}")
    try:
        await letters.cancel_replay(request, job_id)
    except Problem as problem:
        if problem.status >= 500:
            raise
        return go(request, back, flash.Flash("info", _("Every letter of it has had its turn.")))
    return go(request, back, flash.Flash("done", _("Ended: what was sent is sent, the rest stays as it is.")))


def outcome_words(outcome: str | None) -> str:
    """Return the outcome of a letter in the reader's language. `outcome` None: its turn has not come."""
    if outcome is None:
        return _("its turn has not come")
    words = {
        "accepted": _("sent again"),
        "unchanged": _("was sent before"),
        "not_found": _("does not exist"),
        "discarded": _("was discarded"),
        "replayed": _("last replay still out"),
        "blocked": _("came back three times"),
        "unread": _("nobody reads its topic"),
        "failed": _("cannot be sent again as it is"),
    }
    return words.get(outcome, outcome)
