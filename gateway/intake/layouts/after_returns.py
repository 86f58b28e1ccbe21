"""Tells sales that are already without what came back: `Total sales` of a shop's report, beside `Units refunded`.

A payout may be the other way round: `Valor a receber` of sales that came back, as if they had not.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import free_amounts
from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.lines import RETURNED
from gateway.intake.layouts.names import words
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

PUT_BACK: Final = (
    "“{column}” já estava sem o que foi devolvido, como “{gross}” mostra: {amount} ao todo foram somados à receita, e "
    "contam como reembolsos."
)
MAY_BE_LESS: Final = (
    "A receita é “{column}”, e nada na tabela mostra se ela já está sem o que foi devolvido (“{back}”): em relatórios "
    "de lojas está, e então o que foi vendido é mais. O valor devolvido é desconhecido."
)
STILL_IN: Final = (
    "“{column}” ainda tem o valor de {rows} venda(s) que voltaram ({amount} ao todo), e o que sobra também: se esse "
    "dinheiro não for pago a você, sobra isso a menos."
)
#: What shops' reports call sales without what came back.
_AFTER: Final = frozenset(
    frozenset(words(name))
    for name in ("Total sales", "Net sales", "Vendas totais", "Vendas líquidas", "Ventas totales", "Ventas netas")
)
_GROSS: Final = frozenset(("bruto", "bruta", "gross"))
#: So many rows without returns show that the gap of the others is what came back.
_SEVERAL: Final = 3


def with_returns_put_back(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return the revenue before what came back, and that as the refunds, where gross sales show it; else {}.

    Where nothing shows it, the table says that the revenue may be without it.
    """
    revenue, back, index = given["revenue"], given["returned_units"], columns.column("revenue")
    if revenue is None or back is None or index is None or given["refund"] is not None:
        return {}
    header, came = table.headers[index], (back > 0).fill_null(value=False)
    if frozenset(words(header)) not in _AFTER or not came.any():
        return {}
    off = columns.column("discount")
    discount = 0.0 * revenue if off is None else table.amounts(off).abs().fill_null(0)
    for gross in (i for i in free_amounts(columns) if _GROSS & set(words(table.headers[i]))):
        for net in (revenue, *(table.amounts(i) for i in free_amounts(columns) if i != gross)):
            gone = table.amounts(gross) - discount - net
            if _is_what_came_back(gone, came, table.amounts(gross)):
                taxed = pl.select(pl.when(net != 0).then(revenue / net).otherwise(1.0)).to_series()
                refund = (gone * taxed).round(2)
                told = in_portuguese(float(refund.sum()))
                table.warnings.append(PUT_BACK.format(column=header, gross=table.headers[gross], amount=told))
                found: Given = {"revenue": revenue + refund, "refund": refund}
                return found if off is None else found | {"discount": discount}
    place = columns.column("returned_units")
    table.warnings += [] if place is None else [MAY_BE_LESS.format(column=header, back=table.headers[place])]
    return {}


def _is_what_came_back(gone: pl.Series, came: pl.Series, gross: pl.Series) -> bool:
    """Say whether something is missing in the rows of which something came back, and in no others."""
    kept = gone.filter(~came & (gross > 0))
    missing = gone.filter(came)
    return (
        len(kept) >= _SEVERAL
        and bool((kept.abs() < CENTS).all())
        and not missing.has_nulls()
        and bool((missing >= CENTS).all())
    )


def tell_of_returned(table: Columns, given: Given) -> None:
    """Report what is left of sales that came back, where the payout is told as if they had not."""
    net, status, name = given.get("net"), given.get("status"), given.get("total_name")
    revenue = given["revenue"]
    if net is None or status is None or name is None or revenue is None:
        return
    costs = [one.fill_null(0) for cost in ("fees", "shipping") if (one := given.get(cost)) is not None]
    left = sum((-one for one in costs), revenue)
    refund = given.get("refund")
    gone = revenue if refund is None else refund.fill_null(0)
    still = ((status == RETURNED) & (net > 0) & (net > left - gone + CENTS)).fill_null(value=False)
    if still.any():
        told = {"rows": int(still.sum()), "amount": in_portuguese(float(net.filter(still).sum()))}
        table.warnings.append(STILL_IN.format(column=name[0], **told))
