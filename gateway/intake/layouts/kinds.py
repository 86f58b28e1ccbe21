"""Recognises tables that are not sales, by their columns: stock, prices, returns, advertising, costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.layouts.called import SOLD_WORDS, Says, says_of_returns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.in_stock import is_inventory
from gateway.intake.layouts.visits_told import tells_visits
from gateway.intake.values import CENTS
from gateway.intake.words import fold
from schemas.facts import TableKind

#: What a person is told of each kind.
SAYS: Final[dict[str, str]] = {
    "stock": "É uma tabela de estoque: não traz vendas, por isso nenhum número de vendas foi calculado dela.",
    "prices": "É uma lista de preços: não traz vendas, por isso nenhum número de vendas foi calculado dela.",
    "returns": "São só devoluções ou cancelamentos, não as vendas do canal: nenhum número de vendas foi calculado "
    "deles.",
    "advertising": "É um relatório de anúncios: não traz pedidos, por isso nenhum número de vendas foi calculado dele.",
    "performance": "É um relatório de visitas: não traz pedidos, por isso nenhum número de vendas foi calculado dele.",
    "payouts": "São repasses somados, sem pedidos nem produtos: nenhum número de vendas foi calculado deles. Envie o "
    "relatório que traz cada pedido do repasse.",
    "costs": "É uma tabela de custos: não traz vendas, por isso nenhum número de vendas foi calculado dela.",
}

#: Orders that a name says suppliers got.
PURCHASE_ORDERS: Final = r"\b(purchase orders?|(pedidos?|ordem|ordens|ordenes) de compras?)\b"
BOUGHT_GOODS: Final = (
    rf"{PURCHASE_ORDERS}|\b(compras|purchases?|notas? de entrada|achats?|acquisti|einkauf|einkaufe|zakupy|pembelian|"
    rf"alislar|alimlar|satin alma(lar)?)(\b|(?=\d))|{fold('매입')}|仕入|采购|採購|进货|進貨"
)
#: What a title says that is of purchases, and of no sales.
PURCHASES: Final = (
    rf"{BOUGHT_GOODS}|\b(despesas?|gastos?|expenses?|egresos|depenses|ausgaben|spese|wydatki|giderler|pengeluaran)\b"
)
#: What a sheet, or a line above a table, says of sales alone stands above the name of the file.
_SALES: Final = (
    r"\b(vendas?|ventas?|vendid[oa]s?|sales|sold|ventes|vendite|verkauf\w*|verkoop|sprzedaz\w*|penjualan|terjual|"
    r"satislar)\b"
)
_EARNED: Final = r"\b(faturamento|receitas?|revenue|ingresos|facturacion|umsatz|ricavi|przychod\w*|chiffre)\b"
_STOCK: Final = (
    r"\b(estoques?|almoxarifado|inventarios?|inventory|stocks?|existencias|stoklar)\b|"
    rf"{fold('остатки на складе')}|库存|在庫|{fold('재고')}"
)
_PRICES: Final = (
    r"\b((lista|tabela|tabla)s? de (precos?|precios?)|price ?lists?|pricing|cennik\w*|preislisten?|listin[oi]|"
    r"(liste|grille) (de|des) prix|prijslijst\w*|catalogos? de (precos?|precios?))\b"
)
ORDERS: Final = r"\b(pedidos?|orders?)\b"
#: With one of these words it may be of sales, too: `Vendas sem cancelados`, `Compras dos clientes`.
MAY_SELL: Final = (
    rf"\b({SOLD_WORDS}|client\w*|customers?|exceto|sem|nao|menos|com|e|and|without|except)\b|"
    rf"{_EARNED}"
)
#: A column that is called so has what was sold, whatever a file is called.
_CALLED_REVENUE: Final = rf"{_EARNED}|\b(total (vendido|(de |das )?vendas)|vendas totais|total sales|sales total)\b"
#: So many columns that only those who buy have (`Payment Instrument Type`, `PO Number`).
_AS_A_BUYER: Final = 2
#: So many columns that only reports of payouts have.
_AS_PAYOUTS: Final = 2
#: So many columns that only the lists have that shops send to where goods are shown (`image_link`, `availability`).
_AS_A_FEED: Final = 2
#: A name that says so well that a column numbers orders; `ID` alone numbers anything.
NUMBERED: Final = 0.85
#: So many rows of which each has a day on which it came back are no export of sales.
_EACH: Final = 5
#: Beside its day a balance has so many columns of an account at most.
_DAY_AND_BALANCE: Final = 3
#: So many of a column's cells have letters where it holds words.
_WORDS: Final = 0.5
#: So many of the amounts are cost times units where goods were bought.
_BOUGHT: Final = 0.9


def kind_by_titles(assignment: Assignment, headers: Sequence[str], titles: Sequence[str], file: str) -> TableKind:
    """Return the kind that a table's names state, if it is not sales; else `unknown`.

    A status tells by row what was sold, and fees, a channel or a sheet's name are of sales: what they stand in is no
    purchase. A file that is called after orders may have all of them. Above a file's name stand numbers of orders, and
    a column that is called revenue.
    """
    plain = [plain_name(title) for title in (*titles, file)]
    sales_have = has_sales(assignment, plain[:-1])
    earned = _is_called_revenue(assignment, headers)
    if "all" in of_returns(assignment, (*titles, file)):
        return "returns"
    if is_inventory(assignment, headers):
        return "stock"
    for place, title in enumerate(plain if not re.search(ORDERS, plain[-1]) else plain[:-1]):
        told = sales_have or (place == len(titles) and (earned or is_numbered(assignment)))
        if re.search(MAY_SELL, title):
            continue
        if re.search(PURCHASES, title) and not told:
            return "costs"
        counted = not told and _has_numbers(assignment) and (not _is_dated(assignment) or has_only_prices(assignment))
        if re.search(_STOCK, title) and counted:
            return "stock"
        if re.search(_PRICES, title) and not told and not (earned or _is_dated(assignment) or _is_counted(assignment)):
            return "prices"
    return "unknown"


def told_by_name(kind: TableKind, assignment: Assignment, headers: Sequence[str]) -> bool:
    """Say whether a name tells the kind, and no column."""
    if kind in ("unknown", "advertising", "payouts") or kind_of(assignment) != "unknown":
        return False
    return not is_inventory(assignment, headers)


def plain_name(name: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(name))


def has_sales(assignment: Assignment, titles: Sequence[str]) -> bool:
    told = any(assignment.column(name) is not None for name in ("status", "fees", "channel"))
    return told or any(names_sales(title) for title in titles)


def _is_called_revenue(assignment: Assignment, headers: Sequence[str]) -> bool:
    total = assignment.column("revenue")
    return total is not None and re.search(_CALLED_REVENUE, plain_name(headers[total])) is not None


def is_numbered(assignment: Assignment) -> bool:
    """Say whether the rows are of numbered orders, with units or totals."""
    counted = max(assignment.confidence("units"), assignment.confidence("revenue")) >= SURE
    return counted and assignment.confidence("order_id") >= NUMBERED


def of_returns(assignment: Assignment, titles: Sequence[str]) -> set[Says]:
    """Return what the names, the file's as the last one, say of rows that came back; nothing where a status tells."""
    if assignment.column("status") is not None:
        return set()
    return {says_of_returns(title, is_file=place == len(titles) - 1) for place, title in enumerate(titles)}


def names_sales(title: str) -> bool:
    sold = re.search(f"{_SALES}|{_EARNED}", title) is not None
    return sold and not re.search(f"{PURCHASES}|{_STOCK}", title) and not says_of_returns(title)


def _has_numbers(assignment: Assignment) -> bool:
    """Say whether a column has numbers: addresses of an inventory system count nothing."""
    return any(profile.filled and profile.number >= _BOUGHT for profile in assignment.profiles)


def _is_counted(assignment: Assignment) -> bool:
    return min(assignment.confidence("units"), assignment.confidence("revenue")) >= SURE


def has_only_prices(assignment: Assignment) -> bool:
    """Say whether units have a cost and a price, and neither a total nor a numbered order says what was sold."""
    totals = assignment.column("revenue") is not None or assignment.confidence("order_id") >= NUMBERED
    return assignment.has("_cost") and assignment.confidence("price") >= SURE and not totals


def _is_dated(assignment: Assignment) -> bool:
    return any(assignment.confidence(name) >= SURE for name in ("at", "month", "order_id"))


def notes_of(kind: TableKind) -> list[str]:
    """Return the remarks on a table of this kind."""
    return [SAYS[kind]] if kind in SAYS else []


def kind_of(assignment: Assignment) -> TableKind:
    """Return the kind of a table; `unknown` if it may be sales."""
    counts = list(assignment.others.values())
    has_order = assignment.confidence("order_id") >= SURE
    sells = assignment.confidence("revenue") >= SURE
    counted = assignment.confidence("units") >= SURE
    timed = max(assignment.confidence(name) for name in ("at", "month", "channel")) >= SURE or assignment.has("_period")
    expenses = not assignment.has("_ads") and sells and counted and timed  # `Gasto` beside what was sold
    product = max(assignment.confidence("sku"), assignment.confidence("title")) >= SURE
    ordered = counted and timed and assignment.confidence("price") >= SURE and _was_sent(assignment)
    if counts.count("_ads") + counts.count("_ad_spend") >= 2 and not has_order and not expenses:
        return "advertising"
    # what each day sold, and in how many orders, is of sales, however many visitors are counted beside
    by_day = max(assignment.confidence("at"), assignment.confidence("month")) >= SURE and assignment.has("_count")
    if tells_visits(assignment) and not has_order and not (sells and ((counted and (timed or product)) or by_day)):
        return "performance"
    if _dates_returns(assignment) and (_all_came_back(assignment) or (not sells and _most_came_back(assignment))):
        return "returns"
    if counts.count("_bought") >= _AS_A_BUYER or (assignment.has("_cost") and are_bought(assignment)):
        return "costs"
    earned = sells and timed and product and (assignment.has("_cost") or assignment.has("_margin"))
    if counts.count("_budget") >= 1 and not has_order and not counted and not earned:
        return "costs"
    priced = product and assignment.confidence("price") >= SURE  # what was sold, and when it is paid out
    paid_out = counts.count("_payout") >= _AS_PAYOUTS and not (has_order or counted or priced)
    if counts.count("_reimbursed") >= _AS_PAYOUTS or paid_out:
        return "payouts"
    in_stock = _counts_stock(assignment) or _lists_offers(assignment)
    if in_stock and not has_order and not ordered and not (sells and counted) and not earned:
        return "stock"
    return _without_sales(assignment, sells=sells, counted=counted, has_order=has_order)


def _dates_returns(assignment: Assignment) -> bool:
    """Say whether a column tells when something came back; an export of orders may have one that is blank."""
    return any(assignment.profiles[index].filled for index, name in assignment.others.items() if name == "_returned_at")


def _most_came_back(assignment: Assignment) -> bool:
    """Say whether half of the rows tell when it came back; an export of orders has a blank cell where none did."""
    filled = [profile.filled for profile in assignment.profiles]
    back = max(filled[index] for index, name in assignment.others.items() if name == "_returned_at")
    return back * 2 >= max(filled)


def _all_came_back(assignment: Assignment) -> bool:
    """Say whether each row tells when it came back, and none when it was sold; of several rows, that each came back."""
    filled = [profile.filled for profile in assignment.profiles]
    back = max(filled[index] for index, name in assignment.others.items() if name == "_returned_at")
    return back == max(filled) and (assignment.confidence("at") < SURE or back >= _EACH)


def are_bought(assignment: Assignment) -> bool:
    """Say whether the amounts are cost times units: what suppliers were paid."""
    cost = next(index for index, name in assignment.others.items() if name == "_cost")
    units, total = assignment.column("units"), assignment.column("revenue")
    if units is None or total is None:
        return False
    read = {name: assignment.profiles[i].amounts for name, i in (("c", cost), ("u", units), ("t", total))}
    if not len(read["c"]) == len(read["u"]) == len(read["t"]):
        return False
    known = pl.DataFrame(read).drop_nulls()
    close = ((known["c"] * known["u"] - known["t"]).abs() <= CENTS).sum()
    return bool(known.height) and close >= known.height * _BOUGHT


def _without_sales(assignment: Assignment, *, sells: bool, counted: bool, has_order: bool) -> TableKind:
    product = max(assignment.confidence("sku"), assignment.confidence("title")) >= SURE
    if not counted and (_is_feed(assignment) or (not product and not sells and _is_catalogue(assignment))):
        return "prices"
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


def _is_feed(assignment: Assignment) -> bool:
    """Say whether these are the goods that a shop sends to where they are shown; a day or an order tells of sales."""
    dated = max(assignment.confidence(name) for name in ("at", "month")) >= SURE
    if dated or assignment.confidence("order_id") >= NUMBERED:
        return False
    return list(assignment.others.values()).count("_feed") >= _AS_A_FEED


def _is_catalogue(assignment: Assignment) -> bool:
    """Say whether these are prices of goods by category or brand, which nothing was sold of: a name is theirs then."""
    told = ("at", "month", "status", "channel", "fees")
    if any(assignment.column(name) is not None for name in told) or assignment.confidence("order_id") >= NUMBERED:
        return False
    listed = assignment.has("_list_price") or assignment.has("_cost")
    named = assignment.has("_person") or assignment.confidence("title") > 0
    bought = assignment.has("_payment") or assignment.has("_delivery")
    return assignment.has("_category") and named and not bought and (assignment.confidence("price") >= SURE or listed)


def _was_sent(assignment: Assignment) -> bool:
    """Say whether each row tells when it was sent, to whom, or what became of it: it is no stock then."""
    return any(assignment.column(name) is not None for name in ("dispatched", "status", "discount"))


def _counts_stock(assignment: Assignment) -> bool:
    """Say whether a column counts what is in stock; one that tells in words whose stock it is counts nothing.

    A balance (`Saldo final`) beside a day alone is that of an account: nothing tells of what goods it is.
    """
    goods = any(assignment.column(name) is not None for name in ("sku", "title", "units", "price"))
    if not goods and assignment.column("at") is not None and len(assignment.profiles) <= _DAY_AND_BALANCE:
        return False
    stock = [assignment.profiles[index] for index, name in assignment.others.items() if name == "_stock"]
    return assignment.has("_stock_other") or any(not one.filled or one.letters <= _WORDS for one in stock)


def _lists_offers(assignment: Assignment) -> bool:
    """Say whether the states are those of listings (`Ativo`, `Pausado`): the units are in stock then, and not sold.

    Where neither goods nor pieces nor prices are told, something else is active: coupons, contracts.
    """
    status = assignment.column("status")
    offered = any(assignment.column(name) is not None for name in ("units", "price"))
    named = any(assignment.column(name) is not None for name in ("sku", "title"))
    of_goods = offered or (named and assignment.column("revenue") is None)  # goals of each product, of who is active
    return status is not None and of_goods and assignment.profiles[status].listing > 0.5
