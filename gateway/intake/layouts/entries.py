"""Reads the entries of orders: a row for each amount of a sale, which a column names (`Venda`, `Comissão`, `Estorno`).

Marketplaces' financial extracts are such (that of Americanas): what a buyer paid, and what was taken of it, stand below
each other, with a sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.layouts import plain
from gateway.intake.layouts.bare import DESCRIBES, NATURE
from gateway.intake.layouts.by_content import assign
from gateway.intake.layouts.channel_words import channel_named_of, one_channel
from gateway.intake.layouts.columns import Columns, headers_of
from gateway.intake.layouts.described import columns_guessed, header_id, shown_headers
from gateway.intake.layouts.general import Reading
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.payouts import Movements, leave_out_unread, payout_lines
from gateway.intake.layouts.written_currency import with_currency
from gateway.intake.tables import RawTable
from gateway.intake.values import says
from schemas.facts import TableRead

#: Words of a name by which a column says what its rows are of, what they come to, and of which order they are.
_KINDS: Final = NATURE | DESCRIBES | {"lancamento", "entrada", "transacao", "transaction"}
_AMOUNTS: Final = frozenset(("valor", "amount", "value", "importe", "monto", "total", "liquido", "net"))
_ORDERS: Final = frozenset(("pedido", "order", "orden", "venda", "venta"))
#: What entries are called. A commission that is paid back is a commission, with the other sign.
_BACK: Final = r"^(estornos?|reembolsos?|devoluc\w+|refunds?|chargebacks?|cancelament\w+|anulac\w+|contestac\w+)\b"
_FEE: Final = (
    r"\b(comiss\w+|comision\w*|commission\w*|tarifas?|taxas?|fees?|cargos?|\w*(fulfil?lment|referral|closing)fees?)\b"
)
_FREIGHT: Final = r"\b(fretes?|envios?|shipping|freight|entregas?|etiquetas?)\b"
_SALE: Final = r"\b(vendas?|ventas?|sales?|pedidos?|orders?|produtos?|products?|principal)\b"
_MOST: Final = 0.9
_SEVERAL: Final = 3
#: Entries have so many kinds at most; a title of products has more.
_KINDS_AT_MOST: Final = 30
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Entries:
    """Which columns tell what an entry is, what it comes to, and of which order it is."""

    kind: int
    amount: int
    order: int


def entries(table: RawTable, row: int, channels: list[str]) -> Reading | None:
    """Return the sales, with what was taken of them; None where the table is none of entries."""
    headers = headers_of(table, row)
    named = [set(words(header)) for header in headers]
    if table.free or table.needed is not None or not all(_any(named, one) for one in (_KINDS, _AMOUNTS, _ORDERS)):
        return None
    columns = Columns.below(table, row)
    columns.channels = tuple(channels)
    if columns.height < 2 * _SEVERAL:
        return None
    assignment = assign(columns.headers, columns.frame)
    found = next((one for kind in _of_kinds(columns, assignment) if (one := _found(columns, assignment, kind))), None)
    if found is None:
        return None
    leave_out_unread(columns, columns.amounts(found.amount).is_null(), columns.cells(found.order))
    frame = with_currency(_read(columns, assignment, found, channel_named_of(columns, headers), channels), columns)
    shown = shown_headers(headers)
    report = TableRead(
        f"{table.where}, cabeçalho na linha {table.number(row)}",
        plain.NAME,
        frame.height,
        [
            shown[index]
            for index in (found.kind, found.amount, found.order, assignment.column("at"))
            if index is not None
        ],
        [],
        columns.warnings,
        "sales",
        columns_guessed(headers, columns.frame, assignment),
        header_id(headers),
    )
    return Reading(report, lines=frame, places=frozenset(columns.read))


def _any(named: list[set[str]], of: frozenset[str]) -> bool:
    return any(of & one for one in named)


def _of_kinds(table: Columns, assignment: Assignment) -> list[int]:
    """Return the columns that may say what the rows are."""
    return [
        index
        for index, profile in enumerate(assignment.profiles)
        if profile.letters >= _MOST
        and _KINDS & set(words(table.headers[index]))
        and table.cells(index).n_unique() <= _KINDS_AT_MOST
    ]


def _found(table: Columns, assignment: Assignment, kind: int) -> _Entries | None:
    """Return the columns, if the kinds agree with the signs, and most sales have an entry of what was taken of them."""
    texts = table.cells(kind)
    back, fee = says(texts, _BACK), says(texts, _FEE)
    sale = says(texts, _SALE) & ~back & ~fee & ~says(texts, _FREIGHT)
    fee &= ~back
    if min(int(sale.sum()), int(fee.sum())) < _SEVERAL or _tells_cancelled(table, assignment):
        return None
    signed = [i for i, one in enumerate(assignment.profiles) if one.number >= _MOST and one.negative > 0]
    for amount in [i for i in signed if _AMOUNTS & set(words(table.headers[i]))] if len(signed) == 1 else []:
        worth = table.amounts(amount)
        agree = ((worth > 0).filter(sale).mean() or 0, (worth < 0).filter(fee).mean() or 0)
        if min(float(str(one)) for one in agree) < _MOST:
            continue
        for order, profile in enumerate(assignment.profiles):
            numbers = order in (amount, kind) or max(profile.date, profile.money) > _HALF or profile.filled == 0
            if not numbers and _ORDERS & set(words(table.headers[order])) and _share_orders(table, order, sale, fee):
                return _Entries(kind, amount, order)
    return None


def _tells_cancelled(table: Columns, assignment: Assignment) -> bool:
    """Say whether a status tells of cancelled rows: they are no entries of what was settled."""
    status = assignment.column("status")
    return status is not None and bool(says(table.cells(status), r"cancel|anulad").any())


def _share_orders(table: Columns, order: int, sale: pl.Series, fee: pl.Series) -> bool:
    """Say whether most sales have a number that an entry of a fee has, and one entry each."""
    numbers = table.cells(order)
    sold, charged = numbers.filter(sale).drop_nulls(), numbers.filter(fee).drop_nulls().unique()
    if sold.is_empty() or sold.n_unique() < _SEVERAL:
        return False
    return float(str(sold.is_in(charged.implode()).mean())) > _HALF


def _read(
    table: Columns, assignment: Assignment, found: _Entries, named: str | None, channels: list[str]
) -> pl.DataFrame:
    """Return the lines: the entries of an order are one sale, and those of what went back one refund."""
    texts = table.text_at(found.kind)
    at = plain.when(table, assignment)
    frame = pl.DataFrame(
        {
            "kind": texts,
            "net": table.number_at(found.amount),
            "order": table.text_at(found.order),
            "row": table.rows,
            "back": says(texts, _BACK),
            "fee": says(texts, _FEE),
            "freight": says(texts, _FREIGHT),
            "sale": says(texts, _SALE),
            **{name: _told(table, assignment, name) for name in ("sku", "title")},
            "at": pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, table.height) if at is None else at,
        }
    )
    fee = pl.col("fee")
    freight = pl.col("freight") & ~fee
    goods = (pl.col("sale") | pl.col("back")) & ~fee & ~freight
    of_order = pl.col("order").is_not_null()
    frame = frame.with_columns(
        of=pl.when(of_order & (fee | freight | goods)).then(pl.lit("")).otherwise(pl.col("kind").fill_null("-")),
        **{
            name: pl.when(of_order & one).then("net").otherwise(0.0)
            for name, one in (("fees", fee), ("carried", freight), ("goods", goods))
        },
    )
    items = frame.group_by("order", "back", "of", maintain_order=True).agg(
        pl.col("row", "kind").first(),
        *(pl.col(name).drop_nulls().first() for name in ("at", "sku", "title")),
        pl.col("net", "goods", "fees", "carried").sum(),
    )
    return payout_lines(
        table,
        Movements(
            channel=one_channel(table, channels, named, items.height),
            sold=(items["goods"] > 0) & ~items["back"] & (items["of"] == ""),
            back=items["back"] & (items["of"] == ""),
            kind=items["kind"],
            net=items["net"],
            net_name=table.headers[found.amount],
            order=items["order"],
            goods=items["goods"],
            fees=items["fees"],
            freight=items["carried"],
            sku=items["sku"],
            title=items["title"],
            at=items["at"],
            rows=items["row"],
        ),
        "lançamento",
    )


def _told(table: Columns, assignment: Assignment, name: str) -> pl.Series:
    """Return a field of sales where its column is sure; nulls without one."""
    index = assignment.column(name)
    if index is None or assignment.confidence(name) < SURE:
        return pl.Series([None], dtype=pl.String).new_from_index(0, table.height)
    return table.text_at(index)
