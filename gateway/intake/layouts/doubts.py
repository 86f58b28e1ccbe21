"""Find tables that may be of sales or of something else, so that a person is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from gateway.intake.layouts.agreeing import are_pieces_at
from gateway.intake.layouts.called import MAY_BE_SPENT, NOT_SPENT
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.kinds import (
    BOUGHT_GOODS,
    MAY_SELL,
    NUMBERED,
    ORDERS,
    PURCHASE_ORDERS,
    PURCHASES,
    are_bought,
    has_only_prices,
    has_sales,
    is_numbered,
    names_sales,
    plain_name,
)
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import currency_in, words
from gateway.intake.layouts.suppliers import ordered_from_suppliers
from gateway.intake.words import fold

#: A name with one of these words is of what was sold.
_SOLD: Final = (
    r"vend|vent[ae]|sale|sold|receita|fatur|revenue|ingres|verkauf|umsatz|chiffre|ricav|sprzeda|terjual|penjualan|client|"
    r"custom|kunde|buyer|comprador"
)
CARRIED: Final = (
    "Há colunas de quem envia, de quem recebe e do frete, e nenhuma de produtos: parece o que uma transportadora "
    "cobrou, e não vendas. Se são vendas, diga em “Ver as colunas” o que é cada coluna."
)
_SENDERS: Final = frozenset(("remetente", "remitente", "sender", "shipper", "consignor"))
_RECEIVERS: Final = frozenset(("destinatario", "receiver", "recipient", "consignee"))
_FREIGHT: Final = frozenset(("frete", "flete", "freight"))
#: Who sells to the shop, in English: its letters are those of what was sold in other languages.
_VENDOR: Final = r"vendor(?!_?e)"
#: The name of a day on which goods came in. Of sales it is the buyer's: then more tells of them.
_BOUGHT_ON: Final = r"compra|purchas|bought|entrada|aquisic|adquisic|acquisi|ingreso|einkauf|achat|received|recebid"
#: A sheet that has a name of its own, and words of a name that is of what is offered for sale.
_NAMED_SHEET: Final = r"^planilha (?!(plan|planilha|sheet|folha|hoja)?\d* ?$)"
_LISTED: Final = r"\b(prec[oi]|price|prezz|preis|prijs|prix|cennik|listin|list|tabela|tabla|catalog|produt|product)"
#: What is called after goods, and after nothing that was done with them.
_GOODS: Final = (
    r"\b(produtos?|products?|productos?|produits|prodotti|produkte|articulos?|artigos?|mercadorias?|goods|catalog\w*|"
    r"cadastr\w*)\b"
)
#: What a column tells of who bought, how it was paid, where it went, or what was earned.
_OF_BUYERS: Final = ("_person", "_place", "_payment", "_paid", "_shop", "_delivery", "_margin")
#: A sheet with what somebody looked for among other rows: nothing tells that it is all.
_FILTERED: Final = r"\b(filtr(os?|ad[oa]s?|ed)|filtered)\b"
#: So many rates stand side by side where what goods would earn is calculated.
_RATES: Final = 2
#: Who asked for something, and who allowed it: what is listed are requests, whatever they are worth.
_ASKED_FOR: Final = r"^(requester|requested by|request (id|type|number)|solicitante|solicitado por|requisitante)$"
_ALLOWED_BY: Final = r"^(approver|approved by|approval (id|status)|aprovador|aprovado por|aprobador|aprobado por)$"
#: So many of a column's cells differ where it lists goods, each once.
_EACH_ONCE: Final = 0.75
#: In some languages an amount is a number of pieces as well; so many at most are usual.
_AMOUNT_OR_COUNT: Final = frozenset(("amount", "total amount", "menge", "jumlah"))
_WHOLE: Final = 0.9
_PIECES: Final = 100
#: Words of a name of sales that may be counted or summed up, of the time in which they were, and beside a target.
_SALES: Final = frozenset(("venda", "venta", "sale"))
_OF_TIMES: Final = frozenset(
    (
        *("total", "dia", "diario", "diaria", "semana", "semanal", "mes", "mensal", "mensual", "day", "daily", "week"),
        *("weekly", "month", "monthly", "actual", "achieved"),
    )
)
_HUNDREDS: Final = 1000
_SIGNED: Final = r"[$€£₹¥₫฿]"
#: A cost that is called so is that of other purchases.
_ANOTHER_TIME: Final = (
    r"\b(anterior\w*|medi[oa]s?|ultim[oa]s?|antig[oa]s?|promedio|previo|historico|last|previous|average|avg|mean|old)\b"
)


def told_of_spending(assignment: Assignment, titles: Sequence[str], file: str) -> str:
    """Return the note on rows that look like sales, if only the file's name speaks of purchases.

    Numbered orders that count units are no expenses; they may be purchases, and then a person is asked.
    """
    name = plain_name(file)
    if has_sales(assignment, [plain_name(title) for title in titles]) or re.search(MAY_SELL, name):
        return ""
    if re.search(ORDERS, name) or not is_numbered(assignment):
        return MAY_BE_SPENT if re.search(PURCHASE_ORDERS, name) else ""
    if not re.search(PURCHASES, name):
        return ""
    is_sold = assignment.column("units") is not None and not re.search(BOUGHT_GOODS, name)
    return NOT_SPENT if is_sold else MAY_BE_SPENT


def told_of_carriage(assignment: Assignment, headers: Sequence[str]) -> str:
    """Return the note on freight that a carrier charged: who sends and who receives it, and no goods."""
    if any(assignment.confidence(name) > 0 for name in ("sku", "units", "price", "fees")):
        return ""
    named = [frozenset(words(header)) for header in headers]
    return CARRIED if all(any(of & one for one in named) for of in (_SENDERS, _RECEIVERS, _FREIGHT)) else ""


def may_be_else(assignment: Assignment, headers: list[str], titles: Sequence[str], file: str) -> bool:
    """Say whether what looks like sales may be something else, by any of the doubts below."""
    return (
        may_be_bought(assignment, headers, titles)
        or may_be_priced(assignment, headers, [*titles, file])
        or may_be_stocked(assignment, headers)
        or may_be_calculated(assignment)
        or may_be_counted(assignment, headers)
        or may_be_on_offer(assignment, headers, titles, file)
        or may_count_sales(assignment, headers)
        or _are_requests(assignment, headers)
        or _may_be_listed(assignment, [*titles, file])
        or re.search(_FILTERED, plain_name(titles[0])) is not None
    )


def may_be_bought(assignment: Assignment, headers: Sequence[str], titles: Iterable[str] = ()) -> bool:
    """Return whether goods may be bought from a supplier: no column shows a buyer or a sale.

    A name of the sheet or the table tells it, and so does a cost beside a total that another price makes. The file's
    does not: what is restocked for sales is called after them, too.
    """
    sold = ("fees", "shipping", "discount", "channel", "advertised", "returned_units")
    if not assignment.has("_supplier") or any(assignment.column(name) is not None for name in sold):
        return False
    if ordered_from_suppliers(assignment, headers)[0] is not None:
        return True  # whoever the goods are for
    if any(assignment.has(name) for name in ("_person", "_place", "_payment", "_shop", "_margin")):
        return False
    if any(names_sales(plain_name(title)) for title in titles) or _has_another_price(assignment, headers):
        return False
    return not any(re.search(_SOLD, re.sub(_VENDOR, " ", fold(header))) for header in headers)


def may_be_stocked(assignment: Assignment, headers: Sequence[str]) -> bool:
    """Say whether the units may be those on hand: they have a cost, a price and the day on which they were bought.

    A buyer, a payment or a status says that they were sold.
    """
    at = assignment.column("at")
    sold = ("status", "fees", "shipping", "discount", "channel", "returned_units")
    if at is None or any(assignment.column(name) is not None for name in sold) or not has_only_prices(assignment):
        return False
    if any(assignment.has(name) for name in ("_person", "_place", "_payment", "_paid", "_delivery")):
        return False
    return re.search(_BOUGHT_ON, fold(headers[at])) is not None


def may_be_priced(assignment: Assignment, headers: list[str], titles: Iterable[str]) -> bool:
    """Return whether a lone `Valor` may be a product's cost: no column counts it or shows a sale."""
    total = assignment.guesses.get("revenue")
    told = ("order_id", "at", "month", "status", "channel", "units", "fees", "shipping", "discount", "price")
    if total is None or any(assignment.confidence(name) > 0 for name in told):
        return False
    if concepts(headers[total.index]).get("price", 0.0) < SURE or assignment.has("_share"):
        return False
    return not any(names_sales(plain_name(title)) for title in titles)


def may_be_calculated(assignment: Assignment) -> bool:
    """Say whether these may be calculations of what goods would earn: rates and costs, and nothing that was counted.

    No row has a day, an order, a channel, a state or units. What one piece costs, sells for and leaves is one, too.
    """
    told = ("order_id", "at", "month", "status", "channel", "units", "year")
    if any(assignment.confidence(name) > 0 for name in told):
        return False
    of_a_piece = assignment.has("_cost") and assignment.has("_margin") and assignment.confidence("price") >= SURE
    rates = sum(name == "_share" for name in assignment.others.values())
    return of_a_piece or (rates >= _RATES and any(assignment.has(name) for name in ("_cost", "_margin", "_list_price")))


def may_be_counted(assignment: Assignment, headers: Sequence[str]) -> bool:
    """Say whether a lone `Amount` of few whole numbers may count pieces: beside a product nothing else is told."""
    total = assignment.guesses.get("revenue")
    if total is None or total.by != "name" or plain_name(headers[total.index]) not in _AMOUNT_OR_COUNT:
        return False
    told = ("order_id", "at", "month", "status", "channel", "units", "price", "fees", "discount")
    if any(assignment.confidence(name) > 0 for name in told):
        return False
    written = assignment.profiles[total.index]
    return written.whole >= _WHOLE and written.money <= 1 - _WHOLE and written.median <= _PIECES


def may_count_sales(assignment: Assignment, headers: Sequence[str]) -> bool:
    """Say whether `Vendas do dia` may be how many sales there were: whole numbers of at most hundreds, not in money.

    A price beside them shows that they are money where they are so many pieces at it.
    """
    total = assignment.guesses.get("revenue")
    if total is None or total.by != "name":
        return False
    if currency_in(headers[total.index]) or re.search(_SIGNED, headers[total.index]):
        return False
    own = set(words(headers[total.index]))
    if not own & _SALES or own - _SALES - _OF_TIMES:
        return False
    told = ("order_id", "units", "fees", "shipping", "discount", "refund")
    if any(assignment.confidence(name) > 0 for name in told) or assignment.has("_cost") or assignment.has("_margin"):
        return False
    written, price = assignment.profiles[total.index], assignment.guesses.get("price")
    if price is not None and are_pieces_at(assignment.profiles[price.index].amounts, written.amounts):
        return False
    return written.whole >= _WHOLE and written.money <= 1 - _WHOLE and written.median < _HUNDREDS


def _are_requests(assignment: Assignment, headers: Sequence[str]) -> bool:
    """Say whether columns tell who asked for something, and who allowed it; numbered orders are sales all the same."""
    if assignment.confidence("order_id") >= NUMBERED:
        return False
    plain = [plain_name(header).strip() for header in headers]
    return all(any(re.search(said, name) for name in plain) for said in (_ASKED_FOR, _ALLOWED_BY))


def _may_be_listed(assignment: Assignment, names: Iterable[str]) -> bool:
    """Say whether units and prices of goods may be those on offer: each stands once, and nothing tells of a sale.

    An `ID` that no two rows share numbers them, and not what a buyer ordered. With days, the name has to be of goods.
    """
    told = ("revenue", "status", "channel", "fees", "shipping", "returned_units", "advertised")
    if any(assignment.confidence(name) > 0 for name in told) or assignment.confidence("order_id") >= NUMBERED:
        return False
    if any(assignment.has(name) for name in ("_person", "_place", "_payment", "_paid", "_delivery", "_shop")):
        return False
    called = [plain_name(name) for name in names]
    if any(names_sales(name) for name in called) or min(assignment.confidence(n) for n in ("price", "units")) < SURE:
        return False
    if any(assignment.confidence(name) > 0 for name in ("at", "month", "year")):
        return any(re.search(_GOODS, name) for name in called)  # the days may be those on which they came in
    numbers = None if assignment.has("_period") else assignment.column("order_id")
    goods = [index for name in ("sku", "title") if (index := assignment.column(name)) is not None]
    if numbers is None:
        return False
    once = {index for index in (numbers, *goods) if assignment.profiles[index].distinct >= _EACH_ONCE}
    return numbers in once and (not goods or not once.isdisjoint(goods))


def may_be_sold(assignment: Assignment, headers: list[str], titles: Sequence[str], file: str) -> bool:
    """Say whether lone prices of units may be what was sold, because the table is called after sales.

    A file's name tells it of sheets without a name of their own.
    """
    price = assignment.guesses.get("price")
    if price is None or assignment.has("_cost") or concepts(headers[price.index]).get("revenue", 0.0) < SURE:
        return False
    plain = [plain_name(title) for title in titles]
    plain += [] if re.search(_NAMED_SHEET, plain[0]) else [plain_name(file)]
    return any(names_sales(title) and not re.search(_LISTED, title) for title in plain)


def may_be_on_offer(assignment: Assignment, headers: Sequence[str], titles: Sequence[str], file: str) -> bool:
    """Say whether these may be the goods that a shop has: each once, or in its sizes, in a table called after products.

    Nothing tells when, to whom or in which order they were sold. The sheet's name stands above the file's.
    """
    told = ("at", "month", "year", "status", "channel", "fees", "shipping", "returned_units", "advertised")
    if any(assignment.confidence(name) > 0 for name in told) or assignment.confidence("order_id") >= NUMBERED:
        return False
    if any(assignment.has(name) for name in _OF_BUYERS):
        return False
    goods = [guess for name in ("sku", "title") if (guess := assignment.guesses.get(name)) is not None]
    apart = assignment.has("_category") or all(assignment.profiles[one.index].distinct == 1 for one in goods)
    if not goods or not apart:
        return False
    plain = [plain_name(title) for title in titles]
    plain += [] if re.search(_NAMED_SHEET, plain[0]) else [plain_name(file)]
    if any(re.search(f"{_SOLD}|{ORDERS}", name) for name in [*plain, *map(fold, headers)]):
        return False
    return any(re.search(_GOODS, name) for name in plain)


def _has_another_price(assignment: Assignment, headers: Sequence[str]) -> bool:
    """Return whether units times price are the total, with their cost in another column.

    What they cost before, or on average, is no other price: beside it the price may be what was paid now.
    """
    amounts = min(assignment.confidence(name) for name in ("units", "price", "revenue"))
    costs = [plain_name(headers[index]) for index, name in assignment.others.items() if name == "_cost"]
    now = any(not re.search(_ANOTHER_TIME, name) for name in costs)
    return amounts >= NUMBERED and now and not are_bought(assignment)
