"""`/plans/{id}/figures/{channel}/{metric}`: one figure with its formula and rows; and the channels nobody chose."""

from __future__ import annotations

from typing import Any, Final, TypeAlias
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.audit.writing import Entry
from gateway.commands.deciding import valid_key
from gateway.figures import words
from gateway.figures.catalogue import METRICS, instead_of
from gateway.figures.rows import unit_of_rows, use_of
from gateway.figures.silent import MONTHLY
from gateway.figures.unknown import why_beside
from gateway.problems.problem import Problem, invalid
from gateway.ui import flash, forms, i18n, landing, preferences
from gateway.ui.channel_figures import COUNTED
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.pages.cell import cell_of
from gateway.ui.pages.cell import show as show_cell
from gateway.ui.rendering import go, render
from gateway.ui.words.figure_words import LANGUAGE
from gateway.uploads.other_channels import analyse_channels as analyse
from gateway.uploads.unnamed_sales import analyse_unnamed
from projections.plans import reads as plans
from projections.reads import documents
from schemas.channels import CHANNELS
from schemas.facts import ChannelFacts, DocumentFacts, Figure
from schemas.product import MOST_ORDERS, MOST_SKUS

#: What is told of an order, from what was paid to what is left.
ORDER_PARTS: Final = ("revenue", "fees", "shipping", "refund", "net", "cost", "taxes", "left")
#: What a product is, which stands before its values.
CLASS: Final = "abc_xyz"
Table: TypeAlias = tuple[list[str], list[tuple[str, dict[str, Any]]]]
#: By the metric, the first column that is called like it: what is left, before what is left after advertising.
_ATTRIBUTE: Final = {metric: name for name, metric in reversed(MONTHLY) if metric != "cancellation_rate"}


async def show(request: Request, plan_id: UUID, channel: str, metric: str) -> Response:
    """Show how one figure comes about; of an unknown one, why."""
    i18n.use(preferences.read(request).language)
    db = request.state.services.shown
    plan = await plans.get(db, plan_id)
    document = await documents.of_plan(db, plan_id)
    facts = None if document is None else document.facts.for_channel(channel)
    known = {} if facts is None else {figure.metric: figure for figure in facts.figures}
    if plan is None or document is None or facts is None or (metric not in known and metric not in METRICS):
        return await render(request, "missing.html", status=404)
    told = Entry("document.read", "document", str(plan_id), plan_id)
    await request.state.services.readings.tell(request, told)
    if request.query_params.get("cell"):
        cell = cell_of(request, facts, metric, instead_of("net_receipts", known))
        if cell is None:
            return await render(request, "missing.html", status=404)
        return await show_cell(request, plan, facts, cell, document.facts.tables)
    return await render(
        request,
        "figure.html",
        plan=plan,
        channel=channel,
        metric=metric,
        facts=facts,
        figure=known.get(metric),
        unknown=words.unknown(why_beside(metric, known, document.facts.tables), LANGUAGE),
        parts=_parts(metric, known, document.facts),
        use=_use(known.get(metric)),
        unit_of_rows=unit_of_rows(metric, facts.currency),
        months=_months(metric, facts),
        counted=_ATTRIBUTE.get(metric) in COUNTED,
        tables=document.facts.tables,
        by_product=_table("by_sku", known.get(metric)),
        by_order=_table("by_order", known.get(metric)),
        most_products=MOST_SKUS,
        most_orders=MOST_ORDERS,
    )


def _parts(metric: str, known: dict[str, Figure], facts: DocumentFacts) -> list[tuple[str, Figure | None, words.Said]]:
    """Return the figures in the formula, each with the reason where it is unknown."""
    made_of = [instead_of(name, known) for name in (METRICS[metric].made_of if metric in METRICS else ())]
    return [(name, known.get(name), words.unknown(why_beside(name, known, facts.tables), LANGUAGE)) for name in made_of]


def _use(figure: Figure | None) -> object:
    return None if figure is None or figure.rows is None else use_of(figure.rows)


def _months(metric: str, facts: ChannelFacts) -> list[tuple[str, float | None]]:
    name = _ATTRIBUTE.get(metric)
    return [] if name is None else [(month.month, getattr(month, name)) for month in facts.months]


def _table(by: str, figure: Figure | None) -> Table:
    """Return the products or orders that a figure names: the names of their values, and the values.

    The database keeps no order of names: products stand as the figure names them, orders by what they lose.
    """
    named = figure.detail.get(by) if figure else None
    if figure is None or not isinstance(named, dict):
        return [], []
    rows = [(name, values) for name, values in named.items() if isinstance(values, dict)]
    names = list(dict.fromkeys(name for _of, values in rows for name in values))
    if by == "by_order":
        names.sort(key=lambda name: ORDER_PARTS.index(name) if name in ORDER_PARTS else len(ORDER_PARTS))
        return names, sorted(rows, key=lambda row: (row[1].get("left", 0.0), row[0]))
    place = {sku: n for n, sku in enumerate(figure.skus)}
    names.sort(key=lambda name: name != CLASS)
    return names, sorted(rows, key=lambda row: place.get(row[0], len(place)))


async def analyse_channels(request: Request, plan_id: UUID) -> Response:
    """Make a plan for other channels of this document and go to it, or to the one that was made before.

    Or of its sales that name no channel, as those of the channel that the form names.
    """
    form = await forms.begin(request)
    chosen = list(dict.fromkeys(c for c in forms.texts(form, "channels") if c in CHANNELS))
    unnamed, key = forms.text(form, "unnamed", 40), forms.text(form, "key", 200)
    if not chosen and unnamed not in CHANNELS:
        raise invalid(("channels", "names no channel"))
    given = valid_key(key) if key else None
    try:
        if chosen:
            answer = await analyse(request, plan_id, chosen, given)
        else:
            answer = await analyse_unnamed(request, plan_id, unnamed, given)
    except Problem as problem:
        if problem.kind != "duplicate":
            raise
        known = _("These channels were analysed before: here they are.")
        if not chosen:
            known = _("These sales were analysed before: here they are.")
        return go(request, f"/plans/{problem.extra['planId']}", flash.Flash("info", known))
    await landing.plan_seen(request, answer.plan_id, answer)
    number = len(chosen) or 1
    said = ngettext("The analysis of %(n)s more channel begins.", "The analysis of %(n)s more channels begins.", number)
    return go(request, f"/plans/{answer.plan_id}", flash.Flash("done", said))
