"""`/letters/dry-run`: what a replay of the letters that are named, or that fit a filter, would do. It sends nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.operations import letters
from gateway.ui import letter_lists, signed_in
from gateway.ui.letter_count import in_rows
from gateway.ui.pages.letter_filter import filter_of
from gateway.ui.pages.replays import outcome_words
from gateway.ui.pages.retries import chosen
from gateway.ui.rendering import render
from projections.reads import letter_counts

PATH: Final = "/letters/dry-run"


async def show(request: Request) -> Response:
    """Show it. The letters are those of the parameters `id`, or else the open ones that fit the list's filter."""
    view = letter_lists.read("/letters", request.query_params, ())
    named = chosen(request.query_params.getlist("id"))
    wanted = replace(filter_of(view), states=("open",))
    total, items = await letters.dry_run(request, named or wanted)
    db = request.state.services.shown
    readable = sum(one.readable and one.outcome == "accepted" for one in items)
    return await render(
        request,
        "dry_run.html",
        view=view,
        back=view.url(),
        named=named,
        narrowing=letter_lists.NARROWING,
        total=total,
        fitting=letter_counts.counted_of(named) if named else await letter_counts.counted(db, wanted),
        in_rows=in_rows,
        items=items,
        outcomes=Counter(one.outcome for one in items if one.readable or one.outcome != "accepted").most_common(),
        rates=letter_lists.RATES,
        sent=readable if named else total - (len(items) - readable),
        unreadable=sum(not one.readable for one in items if one.outcome == "accepted"),
        outcome_words=outcome_words,
        may_operate=signed_in.may_operate(request),
    )


def of_letters(ids: list[str]) -> str:
    """Return the page's address for these letters."""
    return f"{PATH}?{urlencode([('id', one) for one in ids])}"
