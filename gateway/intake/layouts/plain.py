"""Read tables of no known export, in any known language: own sheets, ERP and BI reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final

import polars as pl

from gateway.intake.dates import are_months, from_parts, moments
from gateway.intake.fields import LABELS
from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.after_returns import tell_of_returned
from gateway.intake.layouts.after_sales import after_sales
from gateway.intake.layouts.amounts import Given, cost_of, revenue_of, tell_whose_freight
from gateway.intake.layouts.bare import drop_bookings, drop_freight, drop_other_natures, drop_sums, drop_tests, explains
from gateway.intake.layouts.buyers_fees import buyers_fees
from gateway.intake.layouts.buyers_freight import without_buyers_freight
from gateway.intake.layouts.cancel_reasons import cancelled_by_reason
from gateway.intake.layouts.cancelled_on import cancelled_on
from gateway.intake.layouts.cancelled_units import without_cancelled
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.costs import fees_are_of_orders, fees_of, freight_of
from gateway.intake.layouts.day_or_month import days_of
from gateway.intake.layouts.days_of_month import days_of_month
from gateway.intake.layouts.discounts import with_what_adds_up
from gateway.intake.layouts.fees_back import without_fees_back
from gateway.intake.layouts.flagged_returns import flagged_back, units_that_came_back, what_came_back, with_flagged
from gateway.intake.layouts.guesses import Assignment, sold_singly
from gateway.intake.layouts.impossible_days import possible
from gateway.intake.layouts.installments import each_sale_once
from gateway.intake.layouts.monthly import first_days, lacks_days, written_on
from gateway.intake.layouts.order_heads import drop_heads, each_charge_of_its_sale
from gateway.intake.layouts.orders import filled_by_order, order_of
from gateway.intake.layouts.orders_counted import orders_counted
from gateway.intake.layouts.paid_answers import payment_of
from gateway.intake.layouts.paid_in_parts import each_payment_once
from gateway.intake.layouts.parcels import each_parcel_once
from gateway.intake.layouts.payout import payout_of
from gateway.intake.layouts.shopee_languages import status_in_portuguese
from gateway.intake.layouts.status import status_of, tells_of_orders, tells_payment_only, with_payment
from gateway.intake.layouts.sums_told import of_sales
from gateway.intake.layouts.taken_back import drop_written_off, with_returns
from gateway.intake.layouts.taxed import tell_of_totals
from gateway.intake.layouts.waiting import unmet, without_waiting
from gateway.intake.layouts.withheld import with_withheld
from gateway.intake.layouts.yearless import in_years, near, with_column, years_in
from gateway.intake.values import classify
from schemas.given import without_none

NAME: Final = "plain"
NO_YEAR: Final = (
    "A coluna “{column}” não diz o ano, nem o título ou o nome do arquivo: o período e o ritmo das vendas não foram "
    "calculados. Ponha o ano no nome do arquivo (vendas-2026.csv) ou em uma coluna “Ano”."
)
YEAR_TOLD: Final = (
    "A coluna “{column}” não diz o ano: ele foi lido do título, da planilha ou do arquivo (as datas vão de "
    "{first:%d/%m/%Y} a {last:%d/%m/%Y})."
)
ONLY_MONTHS: Final = (
    "A coluna “{column}” diz só o mês, não o dia, e não está certo de que ano ele é, ou é um mês só: o período e o "
    "ritmo das vendas não foram calculados. Ponha o ano em cada mês (03/2026), na coluna “Ano” ou no nome do arquivo."
)
MONTHS_TOLD: Final = (
    "A coluna “{column}” não diz o ano: ele foi lido do título, da planilha ou do arquivo (os meses vão de "
    "{first:%m/%Y} a {last:%m/%Y})."
)
UNDATED: Final = "{rows} linha(s) não têm data: o dia delas não cabe no ano que o documento diz, ou cabe em dois."
UNKNOWN_STATUS: Final = (
    "Nenhum texto da coluna “{column}” diz o que foi feito do pedido: cancelamentos e devoluções são desconhecidos."
)
SOLD_SINGLY: Final = (
    "Nenhuma coluna diz quantas unidades foram vendidas: cada linha foi contada como uma unidade, pelo seu preço."
)
Reader = Callable[[str], pl.Series | None]
#: Fields whose absence a person is told.
_EXPECTED: Final = ("units", "at", "order_id", "sku", "title", "fees", "shipping", "status")


def read(table: Columns, columns: Assignment, channels: list[str], named: str | None = None) -> pl.DataFrame:
    """Return the lines. Where no column tells the channel, it is the one that the table names (`named`).

    Else it is the only channel asked about, or the one that the file's name tells; else they have none, never a guess.
    """
    _drop_what_is_no_sale(table, columns)
    once = each_payment_once(table, each_parcel_once(table, each_sale_once(table, columns)))
    columns = each_charge_of_its_sale(table, once)
    text, number = _reader(table, columns)
    total = number("revenue")  # first: where amounts are in several currencies, the others are held against it
    units, price, order = number("units"), number("price"), order_of(table, columns)
    if sold_singly(columns):
        units = pl.Series([1.0]).new_from_index(0, table.height)
        table.warnings.append(SOLD_SINGLY)
    revenue = revenue_of(table, columns, total, units, price, order)
    worth = None if revenue is None else partial(of_sales, table, columns, order, revenue)
    channel = channel_column(table, filled_by_order(order, text("channel")), channels, named, worth)
    amounts: Given = {"revenue": revenue, "units": units, "price": price, "order_id": order}
    paid = buyers_fees(table, columns, amounts, channel)
    freed = without_buyers_freight(table, columns, amounts | {"revenue": paid.revenue})
    columns, revenue = freed.columns, freed.revenue
    at = filled_by_order(order, possible(table, when(table, columns)))
    sent = sent_at(table, columns, at)
    given: Given = {
        "row": table.rows,
        "channel": channel,
        "order_id": order,
        **{name: text(name) for name in ("sku", "title", "currency")},
        "at": at,
        "units": units,
        "returned_units": units_that_came_back(table, columns, number("returned_units"), units),
        "revenue": revenue,
        "fees": None if paid.is_untold else fees_of(table, columns, order, revenue, without=paid.columns),
        "order_fees": fees_are_of_orders(table, columns, order, revenue),
        "shipping": freight_of(table, columns, order, revenue),
        **{name: cost_of(table, columns, name, order, revenue) for name in ("refund", "discount")},
        "advertised": _yes(text("advertised")),
        "ship_days": None if at is None or sent is None else (sent - at).dt.total_minutes() / 1440,
    }
    given["counted_orders"] = orders_counted(table, columns, given)
    given |= with_what_adds_up(table, columns, {**given, "price": price})
    given |= (taken := with_returns(table, columns, given))
    given |= without_cancelled(table, columns, given, price)
    told = {"status"} if given["counted_orders"] is None else {"status", "order_id"}
    table.missing += [LABELS[name][0] for name in _EXPECTED if given.get(name, at) is None and name not in told]
    own = {name: one for name, one in taken.items() if columns.column(name) is None}
    if "order_id" not in taken or taken["order_id"] is not None:  # else they are entries of an account
        given |= with_status(table, columns, given, filled_by_order(order, text("status")), own)
    given |= with_withheld(table, columns, given)
    given |= payout_of(table, columns, given, freed.freight)
    given |= without_fees_back(table, given)
    tell_of_returned(table, given)
    tell_of_totals(table, columns, given.get("status"))
    tell_whose_freight(table, columns, given)
    return shape.lines(without_none(given), table.height)


def with_status(table: Columns, columns: Assignment, given: Given, text: pl.Series | None, taken: Given) -> Given:
    """Return the status, and what follows of it: what came back, where no column tells it.

    Where neither the order's nor the payment's text tells one, cancelled or not is unknown. `taken`: what rows of their
    own tell of it.
    """
    payment, cancelled = filled_by_order(given["order_id"], payment_of(table, columns, tell=True)), given.get("status")
    spoken = None if text is None else status_in_portuguese(text)
    if spoken is not None and not tells_of_orders(spoken):
        table.warnings.append(UNKNOWN_STATUS.format(column=table.headers[columns.guesses["status"].index]))
        text = spoken = None
    stopped, flagged = cancelled_on(table, columns), None if taken else flagged_back(table, columns)
    later = after_sales(table)
    if stopped is None and (spoken is None or tells_payment_only(spoken)):
        stopped = cancelled_by_reason(table)
    if spoken is None and stopped is None and later is None:
        table.missing.append(LABELS["status"][0])
    if all(one is None for one in (spoken, payment, stopped, flagged, later)):
        return {}
    status = with_payment(status_of(spoken, later, table.height), payment, spoken)
    if stopped is not None:
        status = pl.select(pl.when(stopped).then(pl.lit(shape.CANCELLED)).otherwise(status).alias("status")).to_series()
    if text is not None and spoken is not None:
        header = table.headers[columns.guesses["status"].index]
        status, waiting = without_waiting(text, status, header, payment, given["revenue"])
        table.warnings += [told for told in (waiting, unmet(text, spoken, status, header)) if told]
    status = status if flagged is None else with_flagged(status, flagged)
    found: Given = {}
    of_payment = later is None and (spoken is None or tells_payment_only(spoken))
    if of_payment and stopped is None and cancelled is None and not (status == shape.CANCELLED).any():
        found["payment_only"] = pl.Series([True]).new_from_index(0, table.height)
    if spoken is None and payment is None and stopped is None and later is None:  # a flag alone told it
        found["returns_only"] = pl.Series([True]).new_from_index(0, table.height)
    if cancelled is not None:
        status = status.zip_with(cancelled != shape.CANCELLED, cancelled)
    found["status"] = status
    said = [one for one in (text, payment, later) if one is not None]
    return found | what_came_back(table, columns, {**given, "status": status}, said, flagged, taken)


def _reader(table: Columns, columns: Assignment) -> tuple[Reader, Reader]:
    def text(name: str) -> pl.Series | None:
        index = columns.column(name)
        return None if index is None else table.text_at(index)

    def number(name: str) -> pl.Series | None:
        index = columns.column(name)
        return None if index is None else table.number_at(index)

    return text, number


def _drop_what_is_no_sale(table: Columns, columns: Assignment) -> None:
    """Drop rows with neither an amount nor units nor a status, and rows that repeat the names of these columns."""
    if not table.height:
        return
    names = [index for name in ("units", "price", "revenue") if (index := columns.column(name)) is not None]
    amounts = pl.DataFrame([table.amounts(index).alias(str(index)) for index in names])
    empty = amounts.select(pl.all_horizontal(pl.all().is_null())).to_series()
    again = (
        pl.DataFrame([(table.cells(index) == table.headers[index]).alias(str(index)) for index in names])
        .select(pl.all_horizontal(pl.all()).fill_null(value=False))
        .to_series()
    )
    status = columns.column("status")
    blank = empty if status is None else empty & table.cells(status).is_null()
    table.leave_out(blank | again | explains(table, names, empty))
    drop_written_off(table, columns)
    drop_other_natures(table, columns)
    drop_bookings(table, columns)
    drop_tests(table)
    drop_freight(table, columns)
    drop_heads(table, columns)
    drop_sums(table, columns)


def when(table: Columns, columns: Assignment) -> pl.Series | None:
    """Return the sales' dates, from one column or from year, month and day; months stand for their first days.

    So they do beside days that many rows lack: the days that are told would leave months out.
    """
    at, month = columns.column("at"), columns.column("month")
    if at is not None and month is not None and lacks_days(table.cells(at), table.cells(month)):
        return _in_months(table, columns, month)
    if at is not None and columns.profiles[at].yearless:
        return _in_year(table, columns, at)
    if at is not None and not columns.profiles[at].months:
        return days_of(table, at)
    year, day = columns.column("year"), columns.column("day")
    if year is not None and month is not None and day is not None:
        return from_parts(table.text_at(year), table.text_at(month), table.text_at(day))
    if day is not None and at is None and month is None and year is None:
        return days_of_month(table, day, _latest(table))
    only = next((index for index in (at, month) if index is not None), None)
    return None if only is None else _in_months(table, columns, only)


def _in_months(table: Columns, columns: Assignment, index: int) -> pl.Series | None:
    """Return the first days of months, where it is sure of which years they are."""
    texts, year, names = table.text_at(index), columns.column("year"), _names(table)
    days = [day for day in (_latest(table), written_on(names)) if day is not None]
    found = first_days(texts, None if year is None else table.cells(year), years_in(names), min(days) if days else None)
    if found is None:
        table.warnings.append(ONLY_MONTHS.format(column=table.headers[index]))
        return None
    if year is not None:
        table.text_at(year)
    first, last = found[0].dt.date().min(), found[0].dt.date().max()
    if found[1] and isinstance(first, date) and isinstance(last, date):
        table.warnings.append(MONTHS_TOLD.format(column=table.headers[index], first=first, last=last))
    return found[0]


def _names(table: Columns) -> list[str]:
    """Return what is said of the table: its title, its caption, where it stands, and the file's name."""
    return [*table.titles, table.table.caption, table.table.where, table.table.filename]


def _latest(table: Columns) -> date | None:
    """Return the last day that a sale may be of: east of Greenwich it is tomorrow already."""
    today = table.table.today
    return None if today is None else today + timedelta(days=1)


def _in_year(table: Columns, columns: Assignment, at: int) -> pl.Series | None:
    """Return dates whose year stands in a column of its own, or in the title, the sheet's or the file's name."""
    texts, year = table.text_at(at), columns.column("year")
    latest, told = _latest(table), years_in(_names(table))
    if year is not None:
        of_column = with_column(texts, table.cells(year), told, latest)
        if of_column is not None:
            table.text_at(year)
            return of_column
    found = None if told is None else in_years(texts, told, latest)
    if found is None:
        table.warnings.append(NO_YEAR.format(column=table.headers[at]))
        return None
    first, last = found.dt.date().min(), found.dt.date().max()
    if isinstance(first, date) and isinstance(last, date):
        table.warnings.append(YEAR_TOLD.format(column=table.headers[at], first=first, last=last))
    if undated := int((found.is_null() & texts.is_not_null()).sum()):
        table.warnings.append(UNDATED.format(rows=undated))
    return found


def sent_at(table: Columns, columns: Assignment, at: pl.Series | None) -> pl.Series | None:
    index = columns.column("dispatched")
    if index is None or are_months(table.cells(index)) or (at is None and columns.profiles[index].yearless):
        return None
    return near(table.text_at(index), at) if columns.profiles[index].yearless else moments(table.text_at(index))


def _yes(text: pl.Series | None) -> pl.Series | None:
    if text is None:
        return None
    frame = pl.DataFrame({"text": text})
    answer = classify(pl.col("text"), [(r"^(s|si|sim|y|yes|true|verdadeiro|1|x)$", "y")], "n")
    return frame.select(pl.when(pl.col("text").is_not_null()).then(answer == "y")).to_series()
