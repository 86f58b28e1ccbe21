"""Says of a column's name whether it is of freight, and whether it says that the seller pays."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from gateway.intake.layouts.composed import SELLERS, SHOPS, composed
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words

#: A row that is called so is of freight, and of no product.
IS_FREIGHT: Final = (
    r"(?i)^\s*(\[[^\]]{1,24}\]\s*)?((valor|custo|taxa|despesas?) d[eo] |costo de |gastos de |frais de |standard |"
    r"express |local |free )?"
    r"(frete|envio|entrega|shipping|delivery|freight|postage|ongkir|sedex|livraison|versand(kosten)?|spedizione|wysy[łl]ka)"
    r"( fee| cost| charges?| & handling| and handling| fixo| gr[aá]tis| padr[aã]o| sedex| pac| express[oa]?)*\s*$"
)
#: A name that is freight's at least this well.
_NAMED: Final = 0.6
_FREIGHT: Final = frozenset((
    *("frete", "envio", "freight", "shipping", "shipment", "entrega", "delivery", "logistica", "logistic"),
    *("pengiriman", "ongkir", "kirim", "ship"),
))  # fmt: skip
#: Words by which a name says that the seller pays. `Costo de envío` is what shops call the buyer's freight, too.
_SELLERS: Final = SELLERS | SHOPS | frozenset((
    "custo", "custos", "cost", "costs", "tarifa", "tarifas", "taxa", "fee", "fees", "seller", "lojista",
))  # fmt: skip
#: Words of a cost that say so where another column has what the buyer paid.
_COSTS: Final = frozenset(("costo", "coste", "gasto", "gastos"))


def is_freight(header: str) -> bool:
    """Say whether the column is called after freight."""
    said = words(header)
    named = any(concepts(header).get(name, 0.0) >= _NAMED for name in ("shipping", "_buyers_freight"))
    return named or bool(_FREIGHT & set(said)) or ("van", "chuyen") in pairwise(said)


def sellers_pay(header: str) -> bool:
    """Say whether the name of a column of freight says that the seller pays it."""
    named = frozenset(words(header))
    return bool(_SELLERS & named) or {"nguoi", "ban"} <= named or "shipping" in composed(named)


def sellers_pay_beside(header: str) -> bool:
    """Say whether the name of a column of freight says so beside another one, of what the buyer paid for it."""
    return sellers_pay(header) or bool(_COSTS & set(words(header)))
