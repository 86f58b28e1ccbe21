"""`/audit`: who did what, when, from where, before and after; and the same as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gateway.audit.writing import Entry, tell
from gateway.shapes.days import day
from gateway.ui import i18n, preferences
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go, render
from gateway.ui.sheets import streamed
from gateway.ui.words import audit_words
from projections.reads import audit, paging
from projections.reads.audit import Audited, AuditFilter
from schemas.audit import ACTIONS

PATH: Final = "/audit"
PAGE: Final = 50
#: Rows of one file, the newest: more does not fit into what spreadsheets open.
MOST_EXPORTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class AuditView:
    """What the reader asked for, as it stands in the URL. What is not known is dropped, so that an old link works."""

    actor: str = ""
    action: str = ""
    plan: str = ""
    address: str = ""
    day: str = ""
    cursor: str = ""

    def url(self, path: str = PATH, **changes: str) -> str:
        """Return the address with some values changed; any change but the cursor's starts at the top."""
        values = asdict(self) | {"cursor": ""} | changes
        kept = {name: value for name, value in values.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    @property
    def narrowed(self) -> bool:
        return any((self.actor, self.action, self.plan, self.address, self.day))

    def wanted(self) -> AuditFilter:
        return AuditFilter(
            self.actor,
            (self.action,) if self.action else (),
            UUID(self.plan) if self.plan else None,
            self.address,
            day(self.day) if self.day else None,
        )


async def show(request: Request) -> Response:
    """Show a page of entries, the newest first."""
    i18n.use(preferences.read(request).language)
    view = _read(request.query_params)
    try:
        page = await audit.find(request.state.services.pool, view.wanted(), cursor=view.cursor or None, limit=PAGE)
    except paging.BadCursor:
        return go(request, view.url())
    return await render(request, "audit.html", view=view, page=page, actions=_choices(), words=audit_words)


async def export(request: Request) -> Response:
    """Return what fits the filter as a table for spreadsheets, and write down that it left."""
    i18n.use(preferences.read(request).language)
    view = _read(request.query_params)
    head = [_("Time"), _("Who"), _("Key"), _("Address"), _("Action"), _("Of what"), "id", _("Plan"), _("Outcome")]
    head += [_("Before"), _("After"), _("Reason"), _("Request"), _("Place in the chain")]
    pool = request.state.services.pool
    wanted = replace(view.wanted(), last=await audit.newest(pool))  # what comes while it is sent is not in it
    count = await audit.count(pool, wanted, MOST_EXPORTED)
    asked = {name: value for name, value in asdict(view).items() if value and name != "cursor"}
    # before the first row leaves: whoever breaks off has seen some of it all the same
    await tell(request, Entry("export.audit", "audit", "", after={"rows": count, "filter": asked}))
    return streamed("audit.csv", head, _rows(request, wanted, count))


async def _rows(request: Request, wanted: AuditFilter, most: int) -> AsyncIterator[list[str]]:
    async for one in audit.every(request.state.services.pool, wanted, most):
        yield _row(one)


def _row(one: Audited) -> list[str]:
    return [
        one.at.isoformat(),
        one.actor,
        one.key_id,
        one.address,
        one.action,
        one.kind,
        one.target,
        str(one.plan_id or ""),
        one.outcome,
        _json(one.before),
        _json(one.after),
        one.reason,
        one.request_id,
        "" if one.position is None else str(one.position),
    ]


def _json(data: dict[str, Any] | None) -> str:
    return "" if data is None else orjson.dumps(data).decode()


def _choices() -> list[tuple[str, str]]:
    """Return every action with its words, in the order of these."""
    return sorted(((action, audit_words.action(action)) for action in ACTIONS), key=lambda pair: pair[1].casefold())


def _read(query: QueryParams) -> AuditView:
    def text(name: str, limit: int = 200) -> str:
        return query.get(name, "").strip().replace("\0", "")[:limit]

    action = text("action")
    return AuditView(
        text("actor"),
        action if action in ACTIONS else "",
        _parsed(text("plan"), UUID),
        text("address"),
        _parsed(text("day"), day),
        text("cursor", 2000),
    )


def _parsed(text: str, kind: Any) -> str:
    try:
        return str(kind(text)) if text else ""
    except ValueError:
        return ""
