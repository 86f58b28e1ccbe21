"""A column that names a currency in few rows names exceptions: the other rows are in the document's own currency."""

from __future__ import annotations

import polars as pl

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading
from gateway.intake.settling import settled
from gateway.intake.tables import RawTable
from schemas.facts import ChannelFacts

ENGLISH = ["Order ID", "Order Date", "Product", "Quantity", "Total", "different_currency"]
PORTUGUESE = ["Pedido", "Data", "Produto", "Quantidade", "Valor total", "Moeda"]


def reading(header: list[str], *named: str, sign: str = "", told: str = "") -> Reading:
    """Read ten sales of 10.00 to 100.00, of which the first name a currency."""
    rows = [
        [f"7{n:03}", f"2026-03-{n + 1:02}", "Mug", "1", f"{sign}{10 * (n + 1)}.00", named[n] if n < len(named) else ""]
        for n in range(10)
    ]
    columns = {str(i): [row[i] for row in [header, *rows]] for i in range(len(header))}
    return settled(
        RawTable("t", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))), ["shopee"], None, told
    )


def sums(found: Reading) -> ChannelFacts:
    assert found.lines is not None, found.report
    (own,) = channel_facts(found.lines, None)
    return own


def revenue(own: ChannelFacts) -> float:
    return next(one.value for one in own.figures if one.metric == "revenue")


def test_few_filled_cells_are_not_the_documents_currency() -> None:
    own = sums(reading(ENGLISH, "EUR", "GBP"))

    assert (own.currency, own.currency_source) == ("", "")
    assert revenue(own) == 520.0
    assert "2 linha(s) em EUR, GBP ficaram de fora: as outras não dizem a moeda." in own.warnings


def test_the_others_are_in_what_the_document_leaves_is_written_with_or_a_person_said() -> None:
    assumed = sums(reading(PORTUGUESE, "USD"))
    told = sums(reading(ENGLISH, "EUR", told="USD"))
    written = sums(reading(ENGLISH, "EUR", sign="$ "))
    as_said = sums(reading(ENGLISH, "EUR", told="EUR"))

    assert (assumed.currency, assumed.currency_source, revenue(assumed)) == ("BRL", "assumed", 540.0)
    assert (told.currency, told.currency_source, revenue(told)) == ("USD", "told", 540.0)
    assert revenue(written) == 540.0
    assert (as_said.currency, revenue(as_said)) == ("EUR", 550.0)


def test_a_column_that_most_rows_fill_is_that_of_the_rest() -> None:
    own = sums(reading(ENGLISH, *["EUR"] * 6))

    assert (own.currency, own.currency_source, revenue(own)) == ("EUR", "read", 550.0)


def test_a_currency_on_an_orders_first_row_is_that_of_the_order() -> None:
    rows = [[str(7000 + n // 4), "2026-03-01", f"Mug {n}", "1", "10.00", "" if n % 4 else "EUR"] for n in range(8)]
    columns = {str(i): [row[i] for row in [ENGLISH, *rows]] for i in range(len(ENGLISH))}
    table = RawTable("t", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
    own = sums(settled(table, ["shopee"]))

    assert (own.currency, revenue(own)) == ("EUR", 80.0)
