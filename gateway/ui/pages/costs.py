"""`/costs`: what goods and advertising cost, how many are on hand; a form to tell it; a table to fill in for a plan."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.audit.writing import Entry, tell
from gateway.problems.answers import problem_of
from gateway.problems.problem import Problem, Silent, not_found
from gateway.ui import flash, forms, i18n, lists, preferences
from gateway.ui.column_choices import CURRENCIES
from gateway.ui.i18n import gettext as _
from gateway.ui.pages import mapping
from gateway.ui.pages.goods_said import kept, refused
from gateway.ui.pages.uploaded import is_shown_above
from gateway.ui.rendering import go, render
from gateway.ui.sheets import download
from gateway.uploads import ads_store, goods_correct
from gateway.uploads.goods_correct import Correction
from gateway.uploads.goods_upload import take_goods
from gateway.uploads.not_sure import ColumnsNotSure
from projections.goods import reads as goods
from projections.reads import documents, paging
from schemas.channels import CHANNELS

ROWS: Final = 50


async def show(request: Request) -> Response:
    """Show a page of SKUs with their costs and stock."""
    view = lists.of_costs(request.query_params)
    pool = request.state.services.shown
    try:
        page = await goods.find(pool, view.q, cursor=view.cursor or None, limit=ROWS)
    except paging.BadCursor:
        return go(request, view.url())
    return await render(
        request,
        "costs.html",
        view=view,
        page=page,
        version=await goods.version_of(pool),
        currencies=CURRENCIES,
        channels=CHANNELS,
        reports=await goods.reports(pool),
    )


async def upload(request: Request) -> Response:
    """Store the costs and the stock of a file, and say what was stored."""
    i18n.use(preferences.read(request).language)
    try:
        return kept(request, await take_goods(request))
    except Silent:
        raise
    except ColumnsNotSure as found:
        return await mapping.ask(request, found)
    except Exception as error:
        problem = problem_of(error)
        if not is_shown_above(problem):
            raise
        return go(request, "/costs#tell", refused(problem))


async def delete_report(request: Request) -> Response:
    """Delete a report of advertising."""
    form = await forms.begin(request)
    try:
        await ads_store.delete(request, forms.text(form, "key", 300))
        said = flash.Flash("done", _("The report was deleted. The next document is read without it."))
    except Problem as problem:
        if problem.kind != "not-found":
            raise
        said = flash.Flash("fail", _("Nothing was changed: this report is not kept any more."))
    return go(request, "/costs#advertising", said)


async def correct(request: Request) -> Response:
    """Delete one cost, or change its currency."""
    form = await forms.begin(request)
    return go(request, forms.back(form, "/costs"), await _corrected(request, form))


async def _corrected(request: Request, form: FormData) -> flash.Flash:
    wanted = _correction(form)
    if wanted is None:
        return flash.Flash("fail", _("Nothing was changed: the form is not complete. Reload the page and try again."))
    try:
        done = await goods_correct.correct(request, wanted)
    except Problem as problem:
        if problem.kind == "not-found":
            return flash.Flash("fail", _("Nothing was changed: this cost is not kept any more."))
        if problem.kind == "version-mismatch":
            return flash.Flash("fail", _("Nothing was changed: this cost was told anew since the page was made."))
        if problem.kind == "invalid":
            return flash.Flash("fail", _("Nothing was changed: choose the currency."))
        raise
    if done.outcome == "unchanged":
        return flash.Flash("info", _("It is in this currency already: nothing changed."))
    what = _("The cost was deleted.") if wanted.action == "delete" else _("The currency was changed.")
    return flash.Flash("done", what + " " + _("The next document is read with it; plans that there are stay."))


def _correction(form: FormData) -> Correction | None:
    action, sku = forms.text(form, "action"), forms.text(form, "sku")
    try:
        since = date.fromisoformat(forms.text(form, "since"))
    except ValueError:
        return None
    expect = forms.asked(form).expect
    known = next((one for one in goods_correct.ACTIONS if one == action), None)
    if known is None or not sku:
        return None
    return Correction(known, sku, since, forms.text(form, "currency", 20) if known == "currency" else "", expect)


async def template(request: Request, plan_id: UUID) -> Response:
    """Return a CSV to fill in, with the products of a plan's document whose cost is unknown."""
    i18n.use(preferences.read(request).language)
    document = await documents.of_plan(request.state.services.shown, plan_id)
    if document is None:
        raise not_found("document that is kept for the plan", plan_id)
    missing = {one.sku: one for own in document.facts.channels for one in own.missing_costs}
    codes = sorted({own.currency for own in document.facts.channels if own.missing_costs})
    code = f" ({codes[0]})" if len(codes) == 1 and codes[0] else ""
    head = ["SKU", _("Product"), f"{_('Unit cost')}{code}", f"{_('Packaging')}{code}", _("Tax rate (%)")]
    rows = ([one.sku, one.title, "", "", ""] for one in missing.values())
    await tell(request, Entry("export.costs", "plan", str(plan_id), plan_id, after={"rows": len(missing)}))
    return download(f"costs-{str(plan_id)[:8]}.csv", head, rows)
