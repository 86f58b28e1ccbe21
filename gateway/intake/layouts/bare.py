"""Drop rows of a plain table that are no sale: unlabelled sums, and rows without any identification."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.called_off import called_off
from gateway.intake.layouts.cfop import drop_other_operations
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.freight_names import IS_FREIGHT
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.letter_codes import spell_letters
from gateway.intake.layouts.lines import NOT_SOLD
from gateway.intake.layouts.moved_by_category import drop_other_categories
from gateway.intake.layouts.names import words
from gateway.intake.layouts.parents import sums_above_variations
from gateway.intake.layouts.planned import drop_planned
from gateway.intake.layouts.shopee_languages import status_in_portuguese
from gateway.intake.layouts.status import status_of
from gateway.intake.layouts.sums import sums_below_groups, sums_of_group, sums_of_others
from gateway.intake.values import folded, says
from gateway.intake.words import NO, YES

#: What is told of rows that may be sums, and that no sum fits.
UNTOLD: Final = (
    "{rows} linha(s) sem data, sem produto e sem número de pedido não foram contadas como venda: podem ser totais. "
    "Confira-as no documento (linha {first})."
)
#: What is told of rows that are something else than sales.
OTHER_NATURE: Final = (
    "{rows} linha(s) não foram contadas como venda: a coluna “{column}” diz que são de outra natureza."
)
#: What is told of rows of freight.
FREIGHT: Final = "{rows} linha(s) são de frete, e não de produtos: não foram contadas como venda."
TESTS: Final = "{rows} linha(s) são pedidos de teste (“{column}”) e não foram contadas."
_TEST: Final = frozenset(("test", "teste", "prueba"))
#: What is no delivery: the buyer comes for it, or eats it there.
_FETCHED: Final = r"^(retirada|retiro|recojo|pick[ -]?up|take ?away|to go|balcao|no local|mesa|dine[ -]?in|em maos)\b"
#: Words of a name by which a column tells what its rows are.
NATURE: Final = frozenset((
    "tipo", "type", "tip", "natureza", "operacao", "operation", "movimento", "movimentacao", "movement", "nature",
    "evento", "event", "loai", *words("jenis"),
))  # fmt: skip
DESCRIBES: Final = frozenset(("descricao", "description", "descripcion", "detalhe", "detalle", "historico", "concepto"))
#: What a row of a statement is called that takes money for something else than a sale that came back.
_BOOKING: Final = (
    r"^(comiss\w+|comision\w*|commission\w*|tarifas?|taxas?|fees?|cargos?|saques?|retiros?|withdrawals?|payouts?|repasses?|"
    r"transferenc\w+|transfers?|antecipac\w+|mensalidades?|assinaturas?|publicidad\w*|anuncios?|ads)\b"
)
IS_SALE: Final = r"\b(vendas?|ventas?|sales?|orders?|payment|pagamento|penjualan|ban hang)\b"
#: Beside bills an estimate is none.
_BILLED: Final = r"^(tax )?(invoices?|bills?|faturas?|facturas?|factures?|fattur[ae]|rechnung(en)?|nota fiscal|nf-?e)$"
_NO_SALE: Final = (
    r"orcament|cotac|propost|quote|estimate|draft|rascunho|presupuest|transferenc|remessa|bonificac|brinde|amostra|"
    r"consert|demonstrac|compra|purchase|"
    r"pembelian|mua hang|nhap (hang|kho)|consumo|perda|ajuste de estoque|^(trocas?|exchanges?|cambios?)$"
)
_EXPENSE: Final = r"^(despesas?|gastos?|expenses?|egresos?|gider(ler)?|pengeluaran|depenses?|ausgaben?|spese|wydatki)\b"
#: Invoices are of goods that came in or went out; in a cash book the same words say the contrary.
_INVOICE: Final = frozenset(("nf", "nfe", "nota", "fiscal", "invoice", "factura", "fatura"))
WENT_OUT: Final = r"^(saidas?|salidas?|out|outgoing|outbound)\b"
CAME_IN: Final = r"^(entradas?|in|incoming|inbound)\b"
#: One of them at least tells what a row is of.
_TELL_OF_A_SALE: Final = ("order_id", "sku", "title", "at", "month", "channel", "status")
#: Columns that are filled in so many of the rows are those that a sale has.
_USUAL: Final = 0.5
#: Rows that nobody can tell are left out where so many of the others have both date and product; and only so many.
_BOTH: Final = 0.8
_FEW: Final = 0.34
#: A day, and no month or name of one: two numbers at least, or a name beside one.
_DAY: Final = r"^\D*\d{1,2}\D+(\d{1,2}(\D|$)|[A-Za-zç]{3})|\d{4}\D\d{1,2}\D\d|\d{5,}"


def drop_other_natures(table: Columns, columns: Assignment) -> None:
    """Drop rows that a column of their nature (`Tipo`, `Natureza da operação`) calls no sales.

    What may be of sales, too, only beside some that are; expenses never are. Of invoices (`Número NF`) those that came
    in are of purchases, beside some that went out.
    """
    spell_letters(table)
    drop_other_categories(table)
    drop_other_operations(table)
    drop_planned(table, columns)
    invoices = are_invoices(table, columns)
    for index, profile in enumerate(columns.profiles):
        if profile.letters < _BOTH or not NATURE & set(words(table.headers[index])):
            continue
        texts = pl.DataFrame({"text": table.cells(index)}).select(folded(pl.col("text")).alias("text"))["text"]
        sales = texts.str.contains(IS_SALE).fill_null(value=False)
        others = texts.str.contains(_EXPENSE).fill_null(value=False)
        if (sales | texts.str.contains(_BILLED).fill_null(value=False)).any():
            others |= texts.str.contains(_NO_SALE).fill_null(value=False) & ~sales
        if invoices and texts.str.contains(WENT_OUT).any():
            others |= texts.str.contains(CAME_IN).fill_null(value=False)
        others |= called_off(table, columns, texts)
        if others.any():
            table.warnings.append(OTHER_NATURE.format(rows=int(others.sum()), column=table.headers[index]))
            table.keep(~others)
            return


def are_invoices(table: Columns, columns: Assignment) -> bool:
    """Say whether what numbers the rows is called an invoice."""
    order = columns.column("order_id")
    return order is not None and bool(_INVOICE & set(words(table.headers[order])))


def drop_bookings(table: Columns, columns: Assignment) -> None:
    """Drop a statement's entries beside sales: negative rows named as fees, transfers, and so on."""
    amount = columns.column("revenue")
    if amount is None or not table.height:
        return
    negative = (table.amounts(amount) < 0).fill_null(value=False)
    if not negative.any() or negative.all():
        return
    title, names = columns.column("title"), NATURE | DESCRIBES
    for index, header in enumerate(table.headers):
        if index != title and not names & set(words(header)):
            continue
        booked = negative & says(table.cells(index), _BOOKING)
        if booked.any():
            table.warnings.append(OTHER_NATURE.format(rows=int(booked.sum()), column=header))
            table.keep(~booked)
            return


def drop_freight(table: Columns, columns: Assignment) -> None:
    """Drop rows of freight without a SKU, with one that says the same (`FRETE`), or with one of several such rows.

    Their product or a column of their nature (`Line Type`) says so.
    """
    title, sku = columns.column("title"), columns.column("sku")
    natures = [index for index, header in enumerate(table.headers) if NATURE & set(words(header)) and index != title]
    asked = [*natures, *([] if title is None else [title])]
    freight = pl.Series([False]).new_from_index(0, table.height)
    for index in asked:
        if not says(table.cells(index), _FETCHED).any():  # else it is the way of an order to its buyer
            freight |= table.cells(index).str.contains(IS_FREIGHT).fill_null(value=False)
    if not freight.any():
        return
    if sku is not None:
        code = table.cells(sku)
        said = code.is_null() | code.str.contains(IS_FREIGHT).fill_null(value=False)
        goods, again = code.filter(~freight).drop_nulls().unique(), code.is_duplicated()
        freight &= said | (again & ~code.is_in(goods.implode()))
    if freight.any() and not freight.all():
        table.warnings.append(FREIGHT.format(rows=int(freight.sum())))
        table.keep(~freight)


def drop_tests(table: Columns) -> None:
    """Drop orders that a column of yes and no calls a test."""
    for index, header in enumerate(table.headers):
        if not _TEST & set(words(header)):  # no column of a million rows is looked at for nothing
            continue
        cells = table.cells(index).str.strip_chars().str.to_lowercase()
        if not cells.drop_nulls().is_in([*YES, *NO]).all():
            continue
        tests = cells.is_in(YES).fill_null(value=False)
        if tests.any() and not tests.all():
            table.warnings.append(TESTS.format(rows=int(tests.sum()), column=header))
            table.keep(~tests)


def explains(table: Columns, names: list[int], empty: pl.Series) -> pl.Series:
    """Say whether the first row explains the columns: it has words in each that has numbers in all other rows."""
    first = pl.int_range(table.height, eager=True) == 0
    worded = pl.select(pl.all_horizontal(table.cells(index).str.contains(r"\p{L}{3}") for index in names)).to_series()
    return first & empty & worded.fill_null(value=False) & bool(len(names) > 1 and int(empty.sum()) == 1)


def drop_sums(table: Columns, columns: Assignment) -> None:
    """Drop rows whose amount is the sum of others, and those without order, date and product where others have them."""
    told = [index for name in _TELL_OF_A_SALE if (index := columns.column(name)) is not None]
    amount = next((index for name in ("revenue", "units") if (index := columns.column(name)) is not None), None)
    if not table.height or not told or amount is None:
        return
    table.drop_summaries(sums_above_variations(table, columns))
    table.drop_summaries(_named_sums(table, columns, table.amounts(amount)))
    empty = pl.select(pl.all_horizontal(table.cells(index).is_null() for index in told)).to_series()
    lacking, both = _lacking(table, columns)
    may_be = empty | lacking
    if not may_be.any() or may_be.all():
        return
    amounts = table.amounts(amount)
    sums = _sums(table, columns, amounts, may_be)
    if not sums.equals(may_be):
        sums |= _sums_of_groups(table, columns, amounts, may_be)
    untold = lacking & ~sums & amounts.is_not_null() if both else pl.Series([False]).new_from_index(0, table.height)
    if untold.any():
        first = table.rows.filter(untold)[0]
        table.warnings.append(UNTOLD.format(rows=int(untold.sum()), first=first))
    sums = sums.filter(~untold)
    table.keep(~untold)
    table.drop_summaries(sums)


def _named_sums(table: Columns, columns: Assignment, amounts: pl.Series) -> pl.Series:
    """Say which rows are sums in which nothing but a product's name stands, whatever it says: `Fechamento do mês`.

    Their units have to be sums, too. One alone stands first or last: in between it may be an order's further item.
    Where rows like them are sales (such items, or none has an order, a date or a SKU) it is the first or the last row
    alone, and the sum of three others or more.
    """
    title = columns.column("title")
    if title is None:
        return pl.Series([False]).new_from_index(0, table.height)
    telling = ("order_id", "at", "month", "sku", "channel", "status")
    blank = [table.cells(index).is_null() for name in telling if (index := columns.column(name)) is not None]
    bare = pl.select(pl.all_horizontal(table.cells(title).is_not_null(), *blank)).to_series()
    if not bare.any():
        return bare
    units = columns.column("units")
    counted = None if units is None else table.amounts(units)

    def sums(may_be: pl.Series, least: int) -> pl.Series:
        found = _sums(table, columns, amounts, may_be, least=least)
        if counted is None or not found.any():
            return found
        return found & (counted.is_null() | _sums(table, columns, counted, may_be, least=least))

    several = int(bare.sum()) > 1 or bool(bare[0] or bare[-1])
    if several and int(bare.sum()) <= table.height * _FEW and (found := sums(bare, 2)).equals(bare):
        return found
    row = pl.int_range(table.height, eager=True)
    return sums(bare & (row == 0), 3) | sums(bare & (row == table.height - 1), 3)


def _lacking(table: Columns, columns: Assignment) -> tuple[pl.Series, bool]:
    """Say which rows have no order, date and product of their own; and whether others have both of the last."""
    at = next((index for name in ("at", "month") if (index := columns.column(name)) is not None), None)
    goods = [index for name in ("sku", "title") if (index := columns.column(name)) is not None]
    order = columns.guesses.get("order_id")  # sure or not, what stands there may be a number
    dated = None if at is None else _dated(table.cells(at), months=columns.profiles[at].months)
    nothing = pl.Series([False]).new_from_index(0, table.height)
    named = pl.select(pl.any_horizontal(nothing, *(table.cells(index).is_not_null() for index in goods))).to_series()
    kept = [one for one in (dated, named if goods else None) if one is not None and int(one.sum()) >= len(one) * _USUAL]
    if not kept or (order is None and dated is None):
        return nothing, False
    own = [one for one in (dated, named if goods else None) if one is not None]
    own += [] if order is None else [_numbered(table.cells(order.index))]
    lacking = ~pl.select(pl.any_horizontal(own)).to_series()
    both = 0 if dated is None else int((dated & named).sum())
    few = int(lacking.sum()) <= table.height * _FEW
    return lacking, few and both >= (table.height - int(lacking.sum())) * _BOTH


def _dated(cells: pl.Series, *, months: bool) -> pl.Series:
    """Say which cells tell a day; where most of the column tells something else, which tell anything."""
    days = cells.str.contains(_DAY).fill_null(value=False)
    filled = cells.is_not_null()
    return filled if months or int(days.sum()) < int(filled.sum()) * _USUAL else days


def _numbered(cells: pl.Series) -> pl.Series:
    """Say which rows have an order's number: where most of them are one word with a digit, or have one, no other is."""
    filled = cells.is_not_null()
    for shape in (r"^\S*\d\S*$", r"\d"):
        numbers = cells.str.contains(shape).fill_null(value=False)
        if int(numbers.sum()) >= int(filled.sum()) * _USUAL:
            return numbers
    return filled


def _sums(table: Columns, columns: Assignment, amounts: pl.Series, may_be: pl.Series, *, least: int = 1) -> pl.Series:
    found = sums_of_others(amounts, may_be, least=least)
    status, channel = columns.column("status"), columns.column("channel")
    if status is not None:
        classes = status_of(status_in_portuguese(table.cells(status)), None, table.height)
        stands = ~classes.is_in(NOT_SOLD)
        counted = pl.select(pl.when(stands | may_be).then(amounts)).to_series()
        found |= sums_of_others(counted, may_be, least=least)
    if channel is not None:
        found |= sums_of_group(amounts, may_be, table.cells(channel))
    return found


def _sums_of_groups(table: Columns, columns: Assignment, amounts: pl.Series, may_be: pl.Series) -> pl.Series:
    """Say which rows are the sums of those right above them that another column puts together: a customer's bills.

    A report may write the customer above its first bill alone: the blank cells below it are the same one's.
    """
    found = pl.Series([False]).new_from_index(0, table.height)
    counted = {columns.column(name) for name in ("revenue", "units", "price")}
    for index in range(len(table.headers)):
        if index in counted:
            continue
        cells = table.cells(index)
        found |= sums_below_groups(amounts, may_be, cells)
        if cells.has_nulls() and not found.equals(may_be):
            found |= sums_below_groups(amounts, may_be, cells.forward_fill())
    return found
