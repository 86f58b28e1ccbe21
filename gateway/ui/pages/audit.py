"""`/audit`: who did what, when, from where, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gateway.shapes.days import day
from gateway.ui import i18n, preferences
from gateway.ui.lists import Narrowed, text
from gateway.ui.rendering import go, render
from gateway.ui.words import audit_words
from projections.reads import audit, paging
from projections.reads.audit import AuditFilter
from schemas.audit import ACTIONS

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class AuditView(Narrowed):
    """What the reader asked for, as it stands in the URL. What is not known is dropped, so that an old link works."""

    PATH = "/audit"

    actor: str = ""
    action: str = ""
    plan: str = ""
    address: str = ""
    day: str = ""
    cursor: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.asked())

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
    view = read(request.query_params)
    try:
        page = await audit.find(request.state.services.shown, view.wanted(), cursor=view.cursor or None, limit=PAGE)
    except paging.BadCursor:
        return go(request, view.url())
    return await render(request, "audit.html", view=view, page=page, actions=_choices(), words=audit_words)


def _choices() -> list[tuple[str, str]]:
    """Return every action with its words, in the order of these."""
    return sorted(((action, audit_words.action(action)) for action in ACTIONS), key=lambda pair: pair[1].casefold())


def read(query: QueryParams) -> AuditView:
    """Read what was asked for from the URL."""
    action = text(query, "action")
    return AuditView(
        text(query, "actor"),
        action if action in ACTIONS else "",
        _parsed(text(query, "plan"), UUID),
        text(query, "address"),
        _parsed(text(query, "day"), day),
        text(query, "cursor", 2000),
    )


def _parsed(said: str, kind: Any) -> str:
    try:
        return str(kind(said)) if said else ""
    except ValueError:
        return ""
