"""Merge the rows of an order with several parcels, where each repeats the whole order, so that it counts once."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.fields import BESIDE_REVENUE
from gateway.intake.layouts.amounts import is_of_order
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.installments import without
from gateway.intake.layouts.names import words
from gateway.intake.layouts.shopee_languages import status_in_portuguese
from gateway.intake.layouts.status import status_of
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

ONCE: Final = (
    "Há uma linha por pacote (coluna “{column}”), e cada uma repete o pedido inteiro: {rows} linha(s) repetidas não "
    "foram contadas."
)
UNSURE: Final = (
    "Há linhas do mesmo pedido que só diferem no pacote (coluna “{column}”), e nada diz se cada uma repete o valor do "
    "pedido ou traz uma parte dele: a receita não foi calculada. Deixe uma linha por pedido, ou ponha no nome da "
    "coluna que o total é do pedido."
)
MAY_REPEAT: Final = (
    "{rows} linha(s) só diferem de outra do mesmo pedido no pacote (coluna “{column}”): foram contadas, porque podem "
    "ser peças iguais. Se repetem a mesma venda, a receita é {amount} menor; deixe uma linha por venda."
)
APART: Final = (
    "{rows} pedido(s) têm pacotes entregues e outros cancelados ou devolvidos (coluna “{column}”): quanto deles foi "
    "vendido não é conhecido, e o valor deles não foi contado."
)
UNITS: Final = (
    "As unidades se repetem em cada pacote do pedido (coluna “{column}”), e nada diz se são do pedido ou do pacote: "
    "não foram contadas."
)
#: Words of a name that numbers parcels.
_OF_PARCEL: Final = frozenset(
    (
        *("rastreio", "rastreamento", "rastreador", "tracking", "awb", "seguimiento", "rastreo", "remessa", "shipment"),
        *("pacote", "paquete", "package", "parcel", "volume", "bulto", "resi", "consignment", "waybill", "fulfillment"),
    )
)
#: Beside such a word the name is of something else: of how many there are, their size, cost, day, state or carrier.
_OF_OTHERS: Final = frozenset(
    (
        *("peso", "weight", "altura", "largura", "comprimento", "valor", "custo", "cost", "frete", "fee", "taxa"),
        *("price", "preco", "data", "date", "fecha", "status", "estado", "url", "link", "quantidade", "quantity"),
        *("cantidad", "total", "tipo", "type", "size", "dimensao", "metodo", "method", "carrier", "company", "nome"),
        *("hora", "time", "descricao", "description", "produto", "product", "item", "diverso", "por"),
    )
)
#: What the rows of one order have in common, where each of its parcels repeats it.
_OF_SALE: Final = ("sku", "title", "units", "price")
#: So many orders whose parcels all repeat one total do not have equal parcels by chance.
_SEVERAL: Final = 3
_HALF: Final = 0.5


def each_parcel_once(table: Columns, columns: Assignment) -> Assignment:
    """Keep one row of each order that repeats its total for each parcel; drop what is then unknown.

    Where the parcels of most orders have amounts of their own, each row has its own amount. Where rows name products,
    two alike in two parcels may be two pieces: they are one sale only where the total is called the order's.
    """
    total, order = columns.column("revenue"), columns.column("order_id")
    parcel = None if total is None or order is None else _parcel(table, columns)
    if total is None or order is None or parcel is None or not table.height:
        return columns
    goods = [at for name in ("sku", "title") if (at := columns.column(name)) is not None]
    found = _rows(table, columns, order, total, parcel, goods)
    several = found.filter(pl.col("parcels") > 1).group_by("sale").agg(
        pl.len().alias("rows"), pl.col("total").n_unique().alias("totals"), pl.col("total").first()
    )  # fmt: skip
    repeated = several.filter((pl.col("totals") == 1) & pl.col("total").fill_null(0).ne(0))
    same = repeated.height / max(1, several.height)
    if same <= _HALF:
        return columns
    named = is_of_order(table.headers[total])
    proven = not goods and repeated.height >= _SEVERAL and repeated["total"].n_unique() >= _SEVERAL
    if same == 1 and (named or proven):
        return _once(table, columns, found, parcel)
    if goods and repeated.height < _SEVERAL and not named:
        again = int((repeated["rows"] - 1).sum())
        worth = float((repeated["total"] * (repeated["rows"] - 1)).sum())
        table.warnings.append(MAY_REPEAT.format(rows=again, column=table.headers[parcel], amount=in_portuguese(worth)))
        return columns
    if columns.guesses["revenue"].by == "person" and not named:
        return columns
    table.warnings.append(UNSURE.format(column=table.headers[parcel]))
    return without(columns, "revenue", "price", "units", *BESIDE_REVENUE)


def _parcel(table: Columns, columns: Assignment) -> int | None:
    """Return the column that numbers parcels, of those that tell some of one order apart."""
    taken = {guess.index for guess in columns.guesses.values()}
    for index, header in enumerate(table.headers):
        named = set(words(header))
        if index in taken or not named & _OF_PARCEL or named & _OF_OTHERS:
            continue
        profile = columns.profiles[index]
        if profile.filled and profile.date < _HALF and profile.money < _HALF:
            return index
    return None


def _rows(table: Columns, columns: Assignment, order: int, total: int, parcel: int, goods: list[int]) -> pl.DataFrame:
    """Return of each row its sale, its total, and the parcels of that sale; no row without a number is of another's."""
    same = [order, *([at for name in _OF_SALE if (at := columns.column(name)) is not None] if goods else [])]
    cells = pl.DataFrame([table.cells(at).alias(str(at)) for at in dict.fromkeys(same)])
    frame = pl.DataFrame(
        {
            "order": table.cells(order),
            "sale": cells.hash_rows(),
            "total": table.amounts(total),
            "parcel": table.cells(parcel).fill_null(""),
            "row": table.rows,
        }
    )
    sale = pl.when(pl.col("order").is_not_null()).then("sale").otherwise(pl.col("row").hash())
    frame = frame.with_columns(sale.alias("sale"))
    return frame.with_columns(pl.col("parcel").n_unique().over("sale").alias("parcels"))


def _once(table: Columns, columns: Assignment, rows: pl.DataFrame, parcel: int) -> Assignment:
    """Keep the first row of each order of several parcels. A cost that differs between them is unknown."""
    first = rows.select(((pl.col("parcels") < 2) | pl.col("sale").is_first_distinct()).alias("first"))["first"]
    lost = [name for name in BESIDE_REVENUE if _differs(table, columns.column(name), rows)]
    lost += _units(table, columns, rows)
    divided = _divided(table, columns, rows)
    total = columns.column("revenue")
    assert total is not None
    again = table.height - int(first.sum())
    amounts = pl.select(pl.when(~divided).then(table.amounts(total))).to_series()
    if divided.any():
        status = columns.column("status")
        assert status is not None
        count = int((divided & first).sum())
        table.warnings.append(APART.format(rows=count, column=table.headers[status]))
    table.keep(first)
    if divided.any():
        table.put_amounts(total, amounts.filter(first))
    table.warnings.append(ONCE.format(column=table.headers[parcel], rows=again))
    return without(columns, *lost)


def _units(table: Columns, columns: Assignment, rows: pl.DataFrame) -> list[str]:
    """Let each order have its units once, and return the fields that are unknown.

    Where they differ between its parcels they are each parcel's, and added up. Where all repeat them they are the
    order's if they make its total with the price; else nobody can tell.
    """
    units, price = columns.column("units"), columns.column("price")
    if units is None:
        return []
    counted = rows.with_columns(table.amounts(units).alias("units")).filter(pl.col("parcels") > 1)
    if _differs(table, units, rows):
        own = rows.with_columns(table.amounts(units).alias("units"))
        whole = pl.when(pl.col("parcels") > 1).then(pl.col("units").sum().over("sale")).otherwise("units")
        table.put_amounts(units, own.select(whole.alias("units"))["units"])
        return []
    if price is not None:
        prices = rows.with_columns(table.amounts(price).alias("price")).filter(pl.col("parcels") > 1)["price"]
        if bool(((prices * counted["units"] - counted["total"]).abs() <= CENTS).all()):
            return []
    table.warnings.append(UNITS.format(column=table.headers[units]))
    return ["units", "price"]


def _divided(table: Columns, columns: Assignment, rows: pl.DataFrame) -> pl.Series:
    """Say of which rows the order's parcels did not all fare alike: some were sold, others came back or never left."""
    status = columns.column("status")
    if status is None:
        return pl.Series([False]).new_from_index(0, table.height)
    classes = status_of(status_in_portuguese(table.cells(status)), None, table.height)
    apart = (pl.col("status").n_unique().over("sale") > 1) & (pl.col("parcels") > 1)
    return rows.with_columns(classes.alias("status")).select(apart.alias("apart"))["apart"]


def _differs(table: Columns, index: int | None, rows: pl.DataFrame) -> bool:
    if index is None:
        return False
    amounts = rows.filter(pl.col("parcels") > 1).select("sale").with_columns(
        table.amounts(index).filter(rows["parcels"] > 1).alias("amount")
    )  # fmt: skip
    return bool(amounts.select((pl.col("amount").n_unique().over("sale") > 1).any()).item())
