"""What a table is that tells of no sales: stock, prices, returns, advertising, costs. Known by its columns."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.guesses import SURE, Assignment
from schemas.facts import TableKind

#: What a person is told of each kind.
SAYS: Final[dict[str, str]] = {
    "stock": "É uma tabela de estoque: não traz vendas, por isso nenhum número de vendas foi calculado dela.",
    "prices": "É uma lista de preços: não traz vendas, por isso nenhum número de vendas foi calculado dela.",
    "returns": "São só devoluções, não as vendas do canal: nenhum número de vendas foi calculado delas.",
    "advertising": "É um relatório de anúncios: não traz pedidos, por isso nenhum número de vendas foi calculado dele.",
    "performance": "É um relatório de visitas: não traz pedidos, por isso nenhum número de vendas foi calculado dele.",
    "costs": "É uma tabela de custos: não traz vendas, por isso nenhum número de vendas foi calculado dela.",
}


def kind_of(assignment: Assignment) -> TableKind:
    """Return the kind of a table, `unknown` where it may well be sales."""
    counts = list(assignment.others.values())
    has_order = assignment.confidence("order_id") >= SURE
    sells = assignment.confidence("revenue") >= SURE
    counted = assignment.confidence("units") >= SURE
    if counts.count("_ads") + counts.count("_ad_spend") >= 2 and not has_order:
        return "advertising"
    timed = max(assignment.confidence(name) for name in ("at", "month", "channel")) >= SURE or assignment.has("_period")
    if assignment.has("_visits") and not has_order and not (sells and counted and timed):
        return "performance"
    if assignment.has("_returned_at") and not sells:
        return "returns"
    if counts.count("_budget") >= 1 and not has_order and not counted:
        return "costs"
    if not has_order and not (sells and counted) and (_counts_stock(assignment) or _lists_offers(assignment)):
        return "stock"
    return _without_sales(assignment, sells=sells, counted=counted, has_order=has_order)


def _without_sales(assignment: Assignment, *, sells: bool, counted: bool, has_order: bool) -> TableKind:
    product = max(assignment.confidence("sku"), assignment.confidence("title")) >= SURE
    if sells or counted or has_order or not product:
        return "unknown"
    dated = assignment.confidence("at") >= SURE
    priced = assignment.confidence("price") >= SURE
    costs = assignment.has("_cost") or assignment.has("_cost_total")
    if dated:  # a price of a day may be a sale; a cost of a day holds from then on
        return "costs" if costs and not priced else "unknown"
    if priced or assignment.has("_list_price"):
        return "prices"
    return "costs" if costs else "unknown"


def _counts_stock(assignment: Assignment) -> bool:
    return assignment.has("_stock") or assignment.has("_stock_other")


def _lists_offers(assignment: Assignment) -> bool:
    """Say whether the states are those of listings (`Ativo`, `Pausado`): the units are in stock then, and not sold."""
    status = assignment.column("status")
    return status is not None and assignment.profiles[status].listing > 0.5
