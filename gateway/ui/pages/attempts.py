"""`/attempts`: what was tried for every plan: what failed and was made again, what failed for good, what ended well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, cast
from urllib.parse import quote
from uuid import UUID

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gateway.shapes.days import day
from gateway.ui import i18n, preferences
from gateway.ui.lists import Narrowed, text
from gateway.ui.rendering import go, render
from gateway.ui.words import attempt_words
from projections.reads import paging, titles, tried
from projections.reads.tried import Outcome, Tried
from projections.reads.tried_filter import ASKED, TriedFilter
from schemas.channels import CHANNELS, channel_name

PAGE: Final = 50
#: In the order of the tabs; the first is shown where none is asked for.
OUTCOMES: Final[tuple[Outcome, ...]] = ("failed", "dead", "done")


@dataclass(frozen=True, slots=True)
class AttemptsView(Narrowed):
    """What the reader asked for, as it stands in the URL. What is not known is dropped, so that an old link works.

    `since` and `until` are days of UTC, both of them included.
    """

    PATH = "/attempts"

    outcome: str = ""
    job: str = ""
    channel: str = ""
    code: str = ""
    plan: str = ""
    since: str = ""
    until: str = ""
    cursor: str = ""

    @property
    def shown(self) -> Outcome:
        """Return the outcome whose attempts are listed."""
        return cast("Outcome", self.outcome or OUTCOMES[0])

    @property
    def narrowed(self) -> bool:
        """Say whether anything but the outcome narrows the list."""
        return bool(self.asked().keys() - {"outcome"})

    def wanted(self) -> TriedFilter:
        """Return the filter of the read. Only what failed has a cause."""
        return TriedFilter(
            self.plan,
            (self.job,) if self.job else (),
            (self.channel,) if self.channel else (),
            (self.code,) if self.code and self.shown != "done" else (),
            (),
            _begin(self.since) if self.since else None,
            _begin(self.until) + timedelta(days=1) if self.until else None,
        )


async def show(request: Request) -> Response:
    """Show a page of attempts with one outcome, the latest first."""
    i18n.use(preferences.read(request).language)
    view, db = read(request.query_params), request.state.services.shown
    try:
        page = await tried.find(db, view.shown, view.wanted(), cursor=view.cursor or None, limit=PAGE)
    except paging.BadCursor:
        return go(request, view.url())
    total, at_least = await tried.count(db, view.shown, view.wanted(), paging.COUNTED)
    return await render(
        request,
        "tried.html",
        view=view,
        page=page,
        total=total,
        at_least=at_least,
        outcomes=OUTCOMES,
        jobs=ASKED,
        channels=[(channel, channel_name(channel)) for channel in CHANNELS],
        words=attempt_words,
        plans=await titles.of_plans(db, _ids(one.key for one in page.items)),
        tasks=await titles.of_tasks(db, _ids(one.subject for one in page.items if one.job == "task")),
        leads_to=leads_to,
        known=known,
    )


def read(query: QueryParams) -> AttemptsView:
    """Read what was asked for from the URL."""
    chosen = {
        "outcome": (text(query, "outcome"), OUTCOMES[1:]),
        "job": (text(query, "job"), ASKED),
        "channel": (text(query, "channel"), CHANNELS),
    }
    plan = known(text(query, "plan"))
    return AttemptsView(
        **{name: said if said in offered else "" for name, (said, offered) in chosen.items()},
        code=text(query, "code"),
        plan=str(plan) if plan else "",
        since=_day(text(query, "since")),
        until=_day(text(query, "until")),
        cursor=text(query, "cursor", 2000),
    )


def leads_to(one: Tried) -> str:
    """Return the page that says more of an attempt: its letter, its task or its plan; empty where there is none."""
    if one.outcome == "dead" and one.record_id:
        return f"/letters/{quote(one.record_id)}"
    if one.job == "task" and known(one.subject):
        return f"/tasks/{one.subject}"
    return f"/plans/{one.key}#attempts" if known(one.key) else ""


def known(said: str) -> UUID | None:
    """Return an id, None for what is none."""
    try:
        return UUID(said)
    except ValueError:
        return None


def _ids(said: Iterable[str]) -> set[UUID]:
    return {found for one in said if (found := known(one)) is not None}


def _begin(said: str) -> datetime:
    return datetime.combine(day(said), time(), UTC)


def _day(said: str) -> str:
    try:
        return str(day(said)) if said else ""
    except ValueError:
        return ""
