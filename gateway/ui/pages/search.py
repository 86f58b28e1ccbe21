"""`/search`: plans, tasks, products, plans with one, pages and actions by the beginnings of words; the palette too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.ui import i18n, preferences, signed_in, states
from gateway.ui.i18n import gettext as _
from gateway.ui.navigation import pages_for
from gateway.ui.rendering import render
from gateway.ui.words.action_words import ACTIONS
from projections.reads import search
from projections.reads.rows import Reader
from schemas.channels import channel_name

#: The most characters of a query that count.
LONGEST: Final = 200
#: Seconds for the search of each kind; a kind that takes longer is named, and the others are shown.
PATIENCE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `more` says what it is about, `state` (kind, name) how it stands.

    `strange`: numbers of its text without a source in the document.
    """

    text: str
    path: str
    icon: str
    more: str = ""
    state: tuple[str, str] | None = None
    strange: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Results of one kind. `late`: they could not be found in time."""

    key: str
    title: str
    hits: Sequence[Hit]
    late: bool = False


async def show(request: Request) -> Response:
    """Show what fits; without a query, the pages and what can be done."""
    i18n.use(preferences.read(request).language)
    asked = request.query_params.get("q", "").replace("\0", "")[:LONGEST].strip()
    groups = [_places(request, asked), _actions(request, asked)]
    if asked:
        db = request.state.services.shown
        groups = [
            await _looked_for("plans", _("Plans"), _plans, db, asked),
            await _looked_for("tasks", _("Tasks"), _tasks, db, asked),
            await _looked_for("products", _("Products"), _products, db, asked),
            await _looked_for("sales", _("Plans with such a product"), _sales, db, asked),
            *groups,
        ]
    shown = [group for group in groups if group.hits or group.late]
    return await render(request, "search.html", q=asked, groups=shown, found=sum(len(g.hits) for g in shown))


async def _looked_for(
    key: str, title: str, read: Callable[[Reader, str], Awaitable[list[Hit]]], db: Any, asked: str
) -> Group:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return Group(key, title, await read(db, asked))
    except TimeoutError:
        return Group(key, title, (), late=True)


async def _plans(db: Reader, asked: str) -> list[Hit]:
    return [
        Hit(one.title or one.filename, f"/plans/{one.plan_id}", states.look("plan", one.status).icon, one.filename,
            ("plan", one.status))
        for one in await search.plans(db, asked)
    ]  # fmt: skip


async def _tasks(db: Reader, asked: str) -> list[Hit]:
    found = await search.tasks(db, asked)
    return [
        Hit(
            one.title,
            f"/tasks/{one.task_id}",
            states.look("task", one.status).icon,
            " · ".join(filter(None, (channel_name(one.channel), one.plan_title))),
            ("task", one.status),
            one.unmatched,
        )
        for one in found
    ]


async def _products(db: Reader, asked: str) -> list[Hit]:
    found = await search.products(db, asked)
    return [Hit(one.sku, f"/costs?{urlencode({'q': one.sku})}", "store", one.title) for one in found]


async def _sales(db: Reader, asked: str) -> list[Hit]:
    return [
        Hit(
            " ".join(filter(None, (one.sku, one.product))),
            f"/plans/{one.plan_id}",
            states.look("plan", one.status).icon,
            one.title or one.filename,
            ("plan", one.status),
        )
        for one in await search.sales(db, asked)
    ]


def _places(request: Request, asked: str) -> Group:
    who = signed_in.principal(request)
    open_to = pages_for(who) if who is not None else ()
    hits = [Hit(_(one.word), one.path, one.icon) for one in open_to if fits(asked, _(one.word), one.word)]
    return Group("pages", _("Pages"), hits)


def _actions(request: Request, asked: str) -> Group:
    who = signed_in.principal(request)
    able = [one for one in ACTIONS if who is not None and who.may(one.role, one.scope)]
    hits = [
        Hit(_(one.word), one.path, one.icon)
        for one in able
        if fits(asked, f"{_(one.word)} {_(one.also)}", f"{one.word} {one.also}")
    ]
    return Group("actions", _("What you can do"), hits)


def fits(asked: str, *texts: str) -> bool:
    """Return whether one of the texts has, for each word of `asked`, a word that begins with it.

    An empty `asked` fits everything; one without any word, such as "-", fits nothing.
    """
    wanted = search.words_of(asked)
    if asked and not wanted:
        return False
    return any(all(any(word.startswith(begin) for word in search.words_of(text)) for begin in wanted) for text in texts)
