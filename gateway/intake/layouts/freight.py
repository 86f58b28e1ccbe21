"""Computes the freight that the seller pays at Shopee, from its estimate, the buyer's part and the rebate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import added
from gateway.intake.values import CENTS

BUYERS_PART: Final = ("Taxa de envio pagas pelo comprador", "Taxa de envio paga pelo comprador")
COUPON: Final = "Código do Cupom"
#: What is told where freight cost more than its estimate: in other rows it may have cost less.
REFUTED: Final = (
    "Em {rows} linha(s) o comprador e a Shopee pagaram mais do que o frete estimado: a estimativa não é o que o frete "
    "custou, e o resto dela não mostra o que você pagou. O custo de envio é desconhecido; o relatório de renda da "
    "Shopee o traz."
)
#: Shopee's own free-shipping coupon: what it covers is not the seller's.
_OWN_COUPON: Final = r"(?i)(^|[;,\s])FSV-"


@dataclass(frozen=True, slots=True)
class Freight:
    """By row: what freight costs the seller (None: unknown), and return freight that is charged all the same."""

    cost: pl.Series | None
    charged: pl.Series | None = None


def freight_of(table: Columns, is_sale: pl.Series) -> Freight:
    """Return the freight that the seller pays: the estimate less the buyer's part and Shopee's rebate, and returns.

    The estimate is believed until rows show that it is not what freight costs: of the same orders Shopee's report of
    income then tells another cost. Without a column of the rebate nobody can tell what Shopee pays, except where the
    buyer pays all of it or Shopee's own coupon does. It is known only if it is so for every sale: half of a cost is no
    cost.
    """
    estimate = table.number("Valor estimado do frete")
    buyer = table.number(*BUYERS_PART, optional=True)
    rebate = table.number("Desconto de Frete Aproximado", optional=True)
    reverse = table.number("Taxa de Envio Reversa", optional=True)
    back = None if reverse is None else reverse.abs()
    if estimate is None:
        return Freight(None, back)
    left = added(estimate, None if buyer is None else -buyer.abs(), None if rebate is None else -rebate.abs())
    assert left is not None  # the estimate is there
    own = left.clip(lower_bound=0)
    if rebate is not None:
        beyond = ((left < -CENTS) & (rebate.abs() > CENTS) & is_sale).fill_null(value=False)
        if not beyond.any() or not ((own > CENTS) & is_sale).fill_null(value=False).any():
            return Freight(added(own, back))
        table.warnings.append(REFUTED.format(rows=int(beyond.sum())))
        return Freight(None, back)
    covered = _covered(table)
    known = covered | (own < 0.005).fill_null(value=False)
    if (known | ~is_sale).all():
        return Freight(added(own.set(covered, 0.0), back))
    table.missing.append("Desconto de Frete Aproximado")
    told = int((covered & is_sale).sum())
    told_text = f" Em {told} linha(s) um cupom FSV- mostra que ela pagou o frete." if told else ""
    table.warnings.append(
        "O arquivo não diz quanto do frete a Shopee pagou: o custo de envio do vendedor é desconhecido e não foi "
        f"descontado.{told_text}"
    )
    return Freight(None, back)


def _covered(table: Columns) -> pl.Series:
    coupon = table.text(COUPON, optional=True)
    if coupon is None:
        return pl.Series([False]).new_from_index(0, table.height)
    return coupon.str.contains(_OWN_COUPON).fill_null(value=False)
