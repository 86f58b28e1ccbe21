"""Stripe: payments and the balance, as the dashboard writes them, and as its API and Sigma do.

The dashboard writes amounts with decimals. The API and Sigma write whole numbers of the currency's smallest unit, which
most often is the hundredth part. Their columns tell them apart; where whole numbers stand under the dashboard's names
nobody knows which they are, and a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, amount, needed, payout_lines, text_of
from gateway.intake.layouts.store import CHANNEL
from gateway.intake.values import folded, says
from schemas.given import without_none

PAYMENTS: Final = "stripe.payments"
BALANCE: Final = "stripe.balance"
_CREATED: Final = "Created (UTC) | Created date (UTC) | Created"
PAYMENTS_REQUIRED: Final = ("id", "Created (UTC) | Created date (UTC)", "Amount", "Currency", "Status")
#: A person chooses the columns, and may leave out what numbers the payments: each row is one.
CONVERTED_REQUIRED: Final = (
    "Created (UTC) | Created date (UTC)",
    "Amount",
    "Currency",
    "Converted Amount",
    "Converted Currency",
    "Status",
)
CONVERTED_TYPICAL: Final = ("Captured", "Payment Source Type", "Taxes On Fee", "Seller Message", "Statement Descriptor")
PAYMENTS_TYPICAL: Final = ("Amount Refunded", "Captured", "Converted Amount", "Seller Message", "Statement Descriptor")
#: Of the API, and of Sigma's table of charges.
CHARGES_REQUIRED: Final = ("id", "created", "amount", "amount_refunded", "currency", "status")
CHARGES_TYPICAL: Final = ("object", "amount_captured", "captured", "balance_transaction", "balance_transaction_id")
_GROSS: Final = "gross | Amount"
_KIND: Final = "reporting_category | Type"
_BALANCE_CREATED: Final = "created_utc | created (utc) | created | Created date (UTC)"
BALANCE_REQUIRED: Final = ("balance_transaction_id", "gross", "fee", "net", "currency", "reporting_category")
BALANCE_TYPICAL: Final = ("created_utc", "created (utc)", "created", "available_on_utc", "available_on", "description")
HISTORY_REQUIRED: Final = ("id", "Type", "Amount", "Fee", "Net", "Currency", "Created (UTC) | Created date (UTC)")
HISTORY_TYPICAL: Final = ("Available On (UTC)", "Source", "Transfer", "Description")
#: Of the API, and of Sigma's table of balance transactions.
TRANSACTIONS_REQUIRED: Final = ("id", "amount", "fee", "net", "currency", "type", "available_on", "created")
TRANSACTIONS_TYPICAL: Final = ("object", "source", "source_id", "reporting_category", "exchange_rate", "status")
#: What a person is told where the amounts may be cents.
MAY_BE_CENTS: Final = (
    "Todos os valores são números inteiros, também as tarifas: podem ser centavos, como a API do Stripe os escreve. Se "
    "são, escreva “(centavos)” depois do nome das colunas de valores e envie de novo; se não são, diga em “Ver as "
    "colunas” o que é cada coluna."
)
IN_CENTS: Final = "Os valores estão na menor unidade da moeda (centavos), como a API do Stripe os escreve."
NOT_PAID: Final = "Pagamentos que falharam, foram bloqueados ou não foram capturados não são vendas."
#: Currencies without a hundredth part, and those with a thousandth.
_WHOLE: Final = (
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
)  # fmt: skip
_THOUSANDTHS: Final = ("BHD", "JOD", "KWD", "OMR", "TND")
_SOLD: Final = r"^(charge|payment|payment_intent|sale)$"
_BACK: Final = r"^(refund|payment_refund|dispute|chargeback|adjustment|charge_failure|payment_failure_refund)"
_PAID: Final = r"^(paid|succeeded|partially[ _]refunded|partial refund|disputed|dispute .*|won|lost|early fraud .*)$"
_REFUNDED: Final = r"^refunded$"


def read_payments(table: Columns) -> pl.DataFrame:
    """Return a line for each payment of the dashboard's list, in the currency of the account where that is told."""
    converted = "Converted Amount" if table.has("Converted Amount") else "Amount"
    currency = "Converted Currency" if table.has("Converted Currency") else "Currency"
    goods, refund = needed(table, converted), amount(table, f"{converted} Refunded")
    fee = amount(table, "Fee")
    code = text_of(table, currency).str.to_uppercase()
    table.doubt = MAY_BE_CENTS if may_be_cents([goods, refund, fee], code) else ""
    return _payments(table, goods, refund, fee, code)


def read_charges(table: Columns) -> pl.DataFrame:
    """Return a line for each charge as the API or Sigma tells it."""
    code = text_of(table, "currency").str.to_uppercase()
    captured = amount(table, "amount_captured")
    told = [needed(table, "amount") if captured is None else captured, amount(table, "amount_refunded")]
    goods, refund = in_units(table, told, code)
    assert goods is not None
    return _payments(table, goods, refund, None, code)


def _payments(
    table: Columns, goods: pl.Series, refund: pl.Series | None, fee: pl.Series | None, code: pl.Series
) -> pl.DataFrame:
    status = _status(table, goods, refund)
    if (status == shape.UNPAID).any():
        table.warnings.append(NOT_PAID)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, table.height),
        "order_id": table.text("id") if table.has("id") else table.rows.cast(pl.String),
        "at": table.moment(*alternatives(_CREATED), day_first=False),
        "status": status,
        "payment_only": pl.Series([True]).new_from_index(0, table.height),
        "revenue": goods,
        "fees": fee,
        "refund": refund,
        "currency": code,
    }
    return shape.lines(without_none(columns), table.height)


def _status(table: Columns, goods: pl.Series, refund: pl.Series | None) -> pl.Series:
    captured = table.text("Captured", optional=True)
    kept = pl.lit(value=True) if captured is None else folded(pl.col("captured")).is_in(["false", "no"]).not_()
    back = pl.lit(0.0) if refund is None else pl.col("refund")
    frame = pl.DataFrame(
        without_none({"status": text_of(table, "Status"), "captured": captured, "goods": goods, "refund": refund})
    )
    state = folded(pl.col("status"))
    paid = (state.str.contains(_PAID) | state.str.contains(_REFUNDED)) & kept.fill_null(value=True)
    whole = state.str.contains(_REFUNDED) | ((back.abs() >= pl.col("goods")) & (back != 0))
    return frame.select(
        pl.when(~paid.fill_null(value=False))
        .then(pl.lit(shape.UNPAID))
        .when(whole)
        .then(pl.lit(shape.RETURNED))
        .otherwise(pl.lit(shape.SOLD))
        .alias("status")
    ).to_series()


def read_balance(table: Columns) -> pl.DataFrame:
    """Return the lines of charges, refunds and disputes of the balance's report or its history."""
    goods, fee, net = needed(table, _GROSS), needed(table, "fee"), needed(table, "net")
    code = text_of(table, "currency").str.to_uppercase()
    table.doubt = MAY_BE_CENTS if may_be_cents([goods, fee, net], code) else ""
    return _balance(table, goods, fee, net, code)


def read_transactions(table: Columns) -> pl.DataFrame:
    """Return the same of balance transactions as the API or Sigma tells them."""
    code = text_of(table, "currency").str.to_uppercase()
    goods, fee, net = in_units(table, [needed(table, "amount"), needed(table, "fee"), needed(table, "net")], code)
    assert goods is not None
    assert fee is not None
    assert net is not None
    return _balance(table, goods, fee, net, code)


def _balance(table: Columns, goods: pl.Series, fee: pl.Series, net: pl.Series, code: pl.Series) -> pl.DataFrame:
    kind = text_of(table, _KIND)
    moved = Movements(
        channel=constant(CHANNEL, table.height),
        sold=says(kind, _SOLD),
        back=says(kind, _BACK),
        kind=kind,
        net=net,
        net_name="net",
        needs=(_GROSS, "net"),
        order=_order(table),
        goods=goods,
        fees=-fee,
        at=table.moment(*alternatives(_BALANCE_CREATED), "Created (UTC)", day_first=False),
        currency=code,
        freight_is_settled=False,
    )
    return payout_lines(table, moved, "pagamento")


def _order(table: Columns) -> pl.Series | None:
    """Return the charge of each row; a refund's own number would be one more order."""
    for names in (("charge_id",), ("payment_intent_id",), ("source_id", "Source", "source"), ("id",)):
        found = table.text(*names, optional=True)
        if found is not None and found.null_count() < len(found):
            return found
    return table.text("balance_transaction_id", optional=True)


def may_be_cents(told: Iterable[pl.Series | None], code: pl.Series) -> bool:
    """Say whether all amounts are whole numbers, of a currency that has a hundredth part."""
    if code.drop_nulls().is_in(_WHOLE).all() and code.count():
        return False
    amounts = [one.drop_nulls() for one in told if one is not None and (one != 0).any()]
    rows = sum(int((one != 0).sum()) for one in amounts)
    return rows > 1 and all(bool((one % 1 == 0).all()) for one in amounts)


def in_units(table: Columns, told: list[pl.Series | None], code: pl.Series) -> list[pl.Series | None]:
    """Return amounts of the smallest unit in the currency's own; those with decimals are in it already."""
    if any(one is not None and bool((one.drop_nulls() % 1 != 0).any()) for one in told):
        return told
    table.warnings.append(IN_CENTS)
    parts = (
        pl.when(pl.col("code").is_in(_WHOLE)).then(1.0).when(pl.col("code").is_in(_THOUSANDTHS)).then(1000.0)
    ).otherwise(100.0)
    of_unit = code.to_frame("code").select(parts.alias("parts")).to_series()
    return [None if one is None else (one / of_unit).round(4) for one in told]
