"""eBay: the report of transactions. Labels and fees of an order that was settled here are costs of that order."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.payouts import Movements, needed, payout_lines, text_of
from gateway.intake.values import says

NAME: Final = "ebay.transactions"
#: In English, and as eBay Germany writes it.
_TYPE: Final = "Type | Typ"
_ORDER: Final = "Order number | Bestellnummer"
_NET: Final = "Net amount | Betrag abzügl. Kosten"
_GROSS: Final = "Gross transaction amount | Transaktionsbetrag (inkl. Kosten)"
REQUIRED: Final = (_TYPE, _ORDER, _NET, "Item subtotal | Zwischensumme Artikel", _GROSS)
TYPICAL: Final = (
    *("Legacy order ID", "Final Value Fee - fixed", "Payout ID", "Payout status", "eBay collected tax"),
    *("Alte Bestellnummer", "Fixer Anteil der Verkaufsprovision", "Auszahlung Nr.", "Status der Auszahlung"),
)
_SKU: Final = ("Custom label", "Bestandseinheit", "Item ID", "Artikelnummer")
_AT: Final = ("Transaction creation date", "Transaction date", "Datum der Transaktionserstellung")
_OF_SALE: Final = ("Transaction currency", "Transaktionswährung")
_OF_PAYOUT: Final = ("Payout currency", "Auszahlungswährung")
WITH_FREIGHT: Final = (
    "A receita é o que o comprador pagou ao vendedor, com o frete. Etiquetas e tarifas lançadas à parte foram "
    "descontadas do pedido que elas dizem; as dos pedidos de outro período ficaram de fora."
)
OTHER_CURRENCY: Final = (
    "{rows} linha(s) foram pagas em outra moeda que a da venda: as tarifas, o frete e o que sobra delas são "
    "desconhecidos."
)
_SALE: Final = r"^(order|bestellung)$"
_BACK: Final = (
    r"^(refund|claim|payment dispute|return|chargeback|ruckerstattung|fall\b|zahlungsproblem|rucklastschrift|ruckgabe)"
)
_LABEL: Final = r"^(shipping label|versandetikett)"
_FEE: Final = r"^(other fee|andere gebuhr)"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of orders and refunds. A row of an order's items without money repeats the order's own."""
    bare = says(text_of(table, _TYPE), _SALE) & _moved(table).is_null()
    table.leave_out(bare)
    costs = _of_orders(table)
    table.keep(~costs["is_of_order"])
    freight, fees = (costs.filter(~pl.col("is_of_order"))[name] for name in ("freight", "fees"))
    kind = text_of(table, _TYPE)
    gross, net = needed(table, _GROSS), needed(table, _NET)
    sold, back = says(kind, _SALE), says(kind, _BACK)
    net, freight, fees = _in_its_currency(table, sold | back, [net, freight, fees])
    channel = channel_column(table, None, list(table.channels), None)
    moved = Movements(
        channel=pl.Series([None], dtype=pl.String).new_from_index(0, table.height) if channel is None else channel,
        sold=sold,
        back=back,
        kind=kind,
        net=net + freight + fees,
        net_name=next(name for name in alternatives(_NET) if table.has(name)),
        order=_told(table, *alternatives(_ORDER)),
        goods=gross,
        needs=(_GROSS, _NET),
        fees=net - gross + fees,
        freight=freight,
        units=table.number("Quantity", "Menge", optional=True),
        sku=_told(table, *_SKU),
        title=_told(table, "Item title", "Angebotstitel"),
        at=table.moment(*_AT, day_first=False),
        currency=_told(table, *_OF_SALE, *_OF_PAYOUT),
    )
    table.warnings.append(WITH_FREIGHT)
    return payout_lines(table, moved, "lançamento")


def _of_orders(table: Columns) -> pl.DataFrame:
    """Return, for each row, what labels and fees of its order come to, and whether the row is one of these.

    They stand in the first row of the order's sale.
    """
    kind, order = text_of(table, _TYPE), _told(table, *alternatives(_ORDER))
    frame = pl.DataFrame(
        {
            "order": pl.Series([None], dtype=pl.String).new_from_index(0, table.height) if order is None else order,
            "net": needed(table, _NET),
            "sold": says(kind, _SALE),
            "freight": says(kind, _LABEL),
            "fees": says(kind, _FEE),
        }
    )
    settled = frame.filter("sold")["order"].drop_nulls().unique()
    of_order = pl.col("order").is_in(settled.implode()).fill_null(value=False)
    first = pl.col("sold") & pl.col("order").is_not_null() & (pl.int_range(pl.len()).over("order", "sold") == 0)
    return frame.select(
        *(
            pl.when(first).then(pl.col("net").filter(pl.col(name)).sum().over("order")).otherwise(0.0).alias(name)
            for name in ("freight", "fees")
        ),
        is_of_order=(pl.col("freight") | pl.col("fees")) & of_order,
    )


def _in_its_currency(table: Columns, counted: pl.Series, paid: list[pl.Series]) -> list[pl.Series]:
    """Return these amounts of payouts, null where a sale is in another currency than its payout."""
    sale, payout = _told(table, *_OF_SALE), _told(table, *_OF_PAYOUT)
    if sale is None or payout is None:
        return paid
    other = (counted & (sale != payout)).fill_null(value=False)
    if other.any():
        table.warnings.append(OTHER_CURRENCY.format(rows=int(other.sum())))
    return list(pl.DataFrame({str(n): one for n, one in enumerate(paid)}).select(pl.when(~other).then(pl.all())))


def _moved(table: Columns) -> pl.Series:
    """Return what each row comes to, null where its cell has no number."""
    found = table.number(*alternatives(_NET))
    assert found is not None
    return found


def _told(table: Columns, *names: str) -> pl.Series | None:
    """Return the text of the first of these columns that has one; `--` counts as blank."""
    for name in names:
        cells = table.text(name, optional=True)
        if cells is not None:
            told = pl.select(pl.when(cells != "--").then(cells)).to_series()
            if told.null_count() < table.height:
                return told
    return None
