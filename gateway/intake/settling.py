"""Decides what a table's rows can be used for (all sales, or returns alone), and their currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import polars as pl

from gateway.intake.comments import told_by
from gateway.intake.fields import Mappings
from gateway.intake.figures.currency import currency_of
from gateway.intake.goods import MAX_WRONG, Goods, WrongRow
from gateway.intake.goods_told import told as told_of_goods
from gateway.intake.layouts import UNKNOWN, Reading, understand
from gateway.intake.layouts.lines import OWN_CURRENCY, SOLD, UNPAID
from gateway.intake.layouts.names import currency_in
from gateway.intake.layouts.plain import NAME as PLAIN
from gateway.intake.tables import RawTable
from gateway.intake.words import fold
from schemas.facts import TableRead

#: Fewer rows than this tell nothing of what an export was filtered by.
MIN_ROWS: Final = 10
#: Where fewer of the rows than this are plain sales, the export is of returns and cancellations.
PLAIN_SALES_SHARE: Final = 0.10
ONLY_RETURNS: Final = (
    "só há devoluções, cancelamentos e reclamações ({rows} linhas), e não todas as vendas: nenhuma taxa ou soma de "
    "vendas foi calculada. Envie o relatório com todas as vendas do período."
)
ONLY_UNPAID: Final = (
    "quase só há pedidos não pagos ou pendentes ({rows} linhas), e não todas as vendas: nenhuma taxa ou soma de vendas "
    "foi calculada. Envie o relatório com todas as vendas do período."
)
BELOW_ZERO: Final = (
    "todos os valores são negativos ({rows} linhas): podem ser devoluções ou despesas, e não são contados como vendas. "
    "Envie o relatório com todas as vendas do período."
)
#: A number may be cut, and a SKU's stock be the sum of rows that are not there.
GOODS_CUT: Final = (
    "as páginas ou o texto não foram lidos por inteiro, e a lista de custos ou de estoque pode continuar: nada dela "
    "foi guardado. Envie-a em XLSX ou CSV."
)
NOT_AS_TOLD: Final = "a tabela diz que os valores são em {own}: a moeda informada ({told}) não foi usada."
NOTHING_SAID: Final[Mapping[str, str]] = MappingProxyType({})
#: Words of headers that Spanish and English do not share with Portuguese; reais are what is counted in it here.
_PORTUGUESE: Final = re.compile(
    r"\b(produtos?|quantidade|qtde?|vendas?|precos?|receita|frete|descontos?|faturamento|comissao|"
    r"situacao|custos?|estoque|embalagem|descricao|devolucao|devolucoes|loja|(data|numero) d[ao]|"
    r"valor (total|unitario|final|da venda|do produto))\b"
)
#: `IVA` and `NIF` are of Portugal, whose currency is another one.
_SPANISH: Final = re.compile(
    r"\b(ventas?|precios?|cantidad|productos?|unidades vendidas del|ingresos|costos?|existencias?|fechas?|nombres?|"
    r"almacen|monto|moneda|ciudad|direccion|telefono|factura|importe|descuentos?|iva|nif)\b"
)


def settled(
    table: RawTable,
    channels: list[str],
    mappings: Mappings | None = None,
    currency: str = "",
    kept: Mapping[str, str] = NOTHING_SAID,
) -> Reading:
    """Recognise a table and say what it can be used for. One of returns alone keeps no lines of sales.

    `currency` is what a person says that amounts are in, where the table does not tell it; `kept`: what they said of
    sales under the same header before, by `header_id`.
    """
    reading = understand(table, channels, mappings)
    report, lines = reading.report, reading.lines
    if reading.goods is not None and table.cut:
        return replace(reading, goods=None, report=replace(report, warnings=[*report.warnings, GOODS_CUT]))
    if reading.goods is not None:
        goods = _priced(reading.goods, report.where, currency or _told_currency(report.columns_used))
        return replace(reading, goods=goods, report=replace(report, warnings=[*report.warnings, *told_of_goods(goods)]))
    if reading.ads is not None:
        code = currency or _told_currency([column.header for column in report.columns])
        ads = reading.ads.with_columns(pl.col("currency").fill_null(pl.lit(code or None, dtype=pl.String)))
        return replace(reading, ads=ads)
    told = currency or kept.get(report.header_id, "")
    if reading.exposure is not None:
        shown, report = _as_told(reading.exposure, report, told)
        return replace(reading, exposure=shown, report=replace(report, kind="performance"))
    if lines is None:
        return reading
    if only_returns(lines):
        return _of_returns(reading, lines)
    if report.layout == PLAIN and _is_below_zero(lines):
        told = BELOW_ZERO.format(rows=f"{report.rows:,}".replace(",", "."))
        return replace(reading, report=replace(report, kind=UNKNOWN, warnings=[*report.warnings, told]), lines=None)
    if names_none(lines):
        lines = _with_currency(lines, report)
    lines, report = _as_told(lines, report, told)
    period, report = told_by(table, lines, report)
    kind = "sales" if report.kind == UNKNOWN else report.kind
    return replace(reading, report=replace(report, kind=kind), lines=lines, period=period or reading.period)


def _priced(goods: Goods, where: str, currency: str) -> Goods:
    """Give costs without a currency this one; where there is none either, nobody knows what they are worth."""
    costs = [one if one.currency else replace(one, currency=currency) for one in goods.costs]
    unknown = [WrongRow(where, one.row, "no_currency", one.sku) for one in costs if not one.currency]
    return replace(
        goods,
        costs=[one for one in costs if one.currency],
        wrong=[*goods.wrong, *unknown][:MAX_WRONG],
        wrong_rows=goods.wrong_rows + len(unknown),
    )


def _told_currency(headers: list[str]) -> str:
    """Return the currency that headers name, or that their language leaves."""
    codes = {code for header in headers if (code := currency_in(header)) is not None}
    if len(codes) == 1:
        return codes.pop()
    return "BRL" if not codes and is_portuguese(headers) else ""


def only_returns(lines: pl.DataFrame) -> bool:
    """Say whether the rows are those of an export filtered by returns or cancellations."""
    status, complaint = pl.col("status"), pl.col("complaint").fill_null(value=False)
    counts = lines.select(known=status.is_not_null().sum(), plain=((status == SOLD) & ~complaint).sum())
    known, plain = counts.row(0)  # counted, not copied: a large table's rows take much
    return bool(known >= MIN_ROWS and plain / known < PLAIN_SALES_SHARE)


def _of_returns(reading: Reading, lines: pl.DataFrame) -> Reading:
    """Keep what came back or was cancelled, and no sales. What is not paid yet came not back: it tells nothing."""
    report, unpaid = reading.report, pl.col("status") == UNPAID
    back = lines.filter(~unpaid.fill_null(value=False))
    is_unpaid = back.height * 2 < lines.height
    warning = (ONLY_UNPAID if is_unpaid else ONLY_RETURNS).format(rows=f"{report.rows:,}".replace(",", "."))
    report = replace(report, kind=UNKNOWN if is_unpaid else "returns", warnings=[*report.warnings, warning])
    return replace(reading, report=report, lines=None, returned=None if is_unpaid else back)


def _is_below_zero(lines: pl.DataFrame) -> bool:
    """Say whether no row has an amount above zero, and some have one below: nothing of it was sold."""
    least, most = lines.select(least=pl.col("revenue").min(), most=pl.col("revenue").max()).row(0)
    return bool(least is not None and least < 0 and most <= 0)


def _with_currency(lines: pl.DataFrame, report: TableRead) -> pl.DataFrame:
    """Take the currency from the headers; without one, assume what the headers' language leaves.

    The columns that are not used tell the language, too.
    """
    headers = report.columns_used
    codes = {code for header in headers if (code := currency_in(header)) is not None}
    if len(codes) == 1:
        named = pl.col("currency").replace(OWN_CURRENCY, None)
        return lines.with_columns(pl.coalesce(named, pl.lit(codes.pop())).alias("currency"))
    others = any(_SPANISH.search(fold(column.header.replace("_", " "))) for column in report.columns)
    if lines["assumed_currency"].null_count() == lines.height and is_portuguese(headers) and not others:
        return lines.with_columns(pl.lit("BRL").alias("assumed_currency"))
    return lines


def _as_told(lines: pl.DataFrame, report: TableRead, code: str) -> tuple[pl.DataFrame, TableRead]:
    """Take the currency that a person said, where the table tells none. One that it tells stands, and that is said."""
    if not code:
        return lines, report
    if names_none(lines):
        return lines.with_columns(pl.lit(code).alias("told_currency")), replace(report, told_currency=code)
    own = currency_of(lines).code
    if not own or own == code:
        return lines, report
    return lines, replace(report, warnings=[*report.warnings, NOT_AS_TOLD.format(told=code, own=own)])


def names_none(lines: pl.DataFrame) -> bool:
    """Say whether nothing names the currency of the rows, or of most of them."""
    return lines["currency"].null_count() == lines.height or OWN_CURRENCY in lines["currency"]


def is_portuguese(headers: list[str]) -> bool:
    """Say whether the headers are in Portuguese: snake_case too, and nothing that only Spanish has."""
    folded = [fold(header.replace("_", " ")) for header in headers]
    return any(map(_PORTUGUESE.search, folded)) and not any(map(_SPANISH.search, folded))
