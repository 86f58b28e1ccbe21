"""`/webhooks`: addresses that are told of events; one is made, changed, paused, removed, and its log sent again.

A secret is shown once, on the page that answers: it goes through no cookie and no address.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import orjson
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.operations import webhooks
from gateway.problems.problem import Problem, not_found
from gateway.shapes.webhooks import SendAgain, WebhookChange, WebhookRotate, WebhookWanted
from gateway.ui import flash, forms, i18n, preferences
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.once import OF_ITS_OWN, No, tried, unchanged
from gateway.ui.problems import in_words
from gateway.ui.rendering import go, render
from gateway.webhooks.types import KNOWN, PATTERNS
from projections.reads import paging
from projections.reads import webhooks as reads

PATH: Final = "/webhooks"
PAGE: Final = 50


async def show(request: Request) -> Response:
    """Show every webhook, and how it does."""
    i18n.use(preferences.read(request).language)
    return await _list(request)


async def make(request: Request) -> Response:
    """Register a webhook, and show its secret this once."""
    form = await forms.begin(request)
    written = {name: forms.text(form, name) for name in ("name", "url", "types")}
    made = await tried(_making(request, written), _why, OF_ITS_OWN)
    if isinstance(made, No):
        return await _list(request, wrong=made.text, written=written, status=422)
    return await _list(request, made=made)


async def show_one(request: Request, webhook_id: UUID) -> Response:
    """Show what a webhook was told, the newest first, or with the filter one state."""
    i18n.use(preferences.read(request).language)
    return await _one(request, webhook_id)


async def show_delivery(request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
    """Show what was sent of an event, and every try with its answer."""
    i18n.use(preferences.read(request).language)
    pool = request.state.services.shown
    webhook, found = await reads.get(pool, webhook_id), await reads.delivery(pool, webhook_id, delivery_id)
    if webhook is None or found is None:
        raise not_found("delivery", f"'{delivery_id}'")
    return await render(
        request, "webhook_delivery.html", webhook=webhook, delivery=found, body=orjson.loads(found.body)
    )


async def act(request: Request, webhook_id: UUID, action: str) -> Response:
    """Change a webhook, pause it, let it go on, remove it, give it another secret, or send something again."""
    form = await forms.begin(request)
    here = f"{PATH}/{webhook_id}"
    if action == "rotate":
        made = await webhooks.rotate(request, webhook_id, WebhookRotate(secret=None))
        return await _one(request, webhook_id, made=made)
    said = await tried(_done(request, form, webhook_id, action), _why, OF_ITS_OWN)
    if isinstance(said, No):
        return go(request, here, flash.Flash("fail", said.text))
    return go(request, PATH if action == "remove" else forms.back(form, here), flash.Flash("done", said))


async def _done(request: Request, form: FormData, webhook_id: UUID, action: str) -> str:
    """Do it; return what is said of it."""
    if action == "change":
        written: dict[str, Any] = {"url": forms.text(form, "url"), "types": _types(forms.text(form, "types"))}
        wanted = forms.edited(form, written)
        if not wanted:
            return unchanged().text
        await webhooks.change(request, webhook_id, WebhookChange.model_validate(wanted))
        return _("Changed: what waits is tried at once.")
    if action in {"pause", "resume"}:
        await webhooks.change(request, webhook_id, WebhookChange.model_validate({"paused": action == "pause"}))
        return _("Paused: events wait, and none is lost.") if action == "pause" else _("It goes on.")
    if action == "remove":
        await webhooks.remove(request, webhook_id)
        return _("Removed: nothing is sent there any more.")
    if action == "again":
        given = forms.text(form, "delivery", 60)
        which = {"deliveryIds": [given]} if given else {"givenUp": True}
        count = await webhooks.again(request, webhook_id, SendAgain.model_validate(which))
        return ngettext("%(n)s delivery is sent again.", "%(n)s deliveries are sent again.", count)
    raise not_found("action", action[:40])


async def _making(request: Request, written: dict[str, str]) -> webhooks.Made:
    wanted = {**written, "types": _types(written["types"])}
    return await webhooks.make(request, WebhookWanted.model_validate(wanted))


def _why(problem: Problem) -> str:
    match problem.extra.get("currentStatus"):
        case webhooks.TAKEN:
            return _("There is a webhook of this name already. Nothing was changed.")
        case webhooks.FULL:
            return _("There are %(n)s webhooks already: remove one first. Nothing was changed.", n=webhooks.MOST)
    wrong = {str(one["path"]).partition(".")[0] for one in problem.extra.get("errors", ())}
    if "url" in wrong:
        return _(
            "The address has to begin with https:// and to be a public one, without user, password and fragment."
            " Networks of your own are named by MARKETPLACE_WEBHOOK_NETWORKS. Nothing was changed."
        )
    if "types" in wrong:
        return _("There is no such event. Write names such as plan.approved, or plan.* and task.*, with commas.")
    if "name" in wrong:
        return _("A name has up to 40 small letters, digits and hyphens. Nothing was changed.")
    return in_words(problem)[1]


def _types(text: str) -> list[str]:
    return [one.strip() for one in text.replace("\n", ",").split(",") if one.strip()]


async def _list(
    request: Request,
    *,
    made: webhooks.Made | None = None,
    wrong: str = "",
    written: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return await render(
        request,
        "webhooks.html",
        status=status,
        webhooks=await reads.every(request.state.services.shown),
        made=made,
        wrong=wrong,
        written=written or {},
        usual=", ".join(PATTERNS),
        known=KNOWN,
        most=webhooks.MOST,
    )


async def _one(request: Request, webhook_id: UUID, *, made: webhooks.Made | None = None) -> Response:
    pool, asked = request.state.services.shown, request.query_params
    webhook = await reads.get(pool, webhook_id)
    if webhook is None:
        raise not_found("webhook", f"'{webhook_id}'")
    status, cursor = asked.get("status", ""), asked.get("cursor", "")[:2000]
    chosen = status if status in reads.STATES else ""
    try:
        page = await reads.deliveries(
            pool, webhook_id, (chosen,) if chosen else reads.STATES, cursor=cursor or None, limit=PAGE
        )
    except paging.BadCursor:
        return go(request, f"{PATH}/{webhook_id}")
    return await render(
        request,
        "webhook.html",
        webhook=webhook,
        page=page,
        chosen=chosen,
        states=reads.STATES,
        cursor=cursor,
        made=made,
        known=KNOWN,
    )
