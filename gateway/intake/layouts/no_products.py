"""Take for no products what a column called so tells: ways of paying, or all that was bought at once in one cell."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.guesses import Guess
from gateway.intake.values import folded

#: `Crédito à vista`, `Débito`, `Pix`: what acquirers call their own products.
_WAY: Final = (
    r"^(cartao (de )?)?(credito|debito|pix|voucher|dinheiro|boleto|cash|credit|debit|card|efectivo|tarjeta|"
    r"transferencia|transfer)( (card|a vista|em conta|elo|visa|mastercard|\d+ ?x))*( parcelad[oa].*)?$"
)
#: `1 x Tea, 2 x Jam`, as tills write a receipt's items.
_LISTED: Final = r"^\d+(\.\d+)? ?x .+, ?\d+(\.\d+)? ?x "
_COUNTED: Final = r"^\d+(\.\d+)? ?x \S"
_MOST: Final = 0.9
#: In so many cells several items stand, and so many ways of paying: one alone may be a set, or a good, called so.
_SEVERAL: Final = 2


def without_no_products(guesses: dict[str, Guess], others: dict[int, str], frame: pl.DataFrame) -> dict[str, Guess]:
    """Drop the titles that are several ways of paying, or one beside a column of payments; or lists of an order's."""
    title = guesses.get("title")
    if title is None or title.by not in ("name", "content"):
        return guesses
    cells = frame.to_series(title.index).cast(pl.String).drop_nulls().to_frame("text").select(folded(pl.col("text")))
    text = pl.col("text")
    found = cells.select(
        text.str.contains(_WAY).mean().alias("ways"),
        text.filter(text.str.contains(_WAY)).n_unique().alias("several"),
        text.str.contains(_COUNTED).mean().alias("counted"),
        text.str.contains(_LISTED).sum().alias("listed"),
    ).row(0, named=True)
    pays = (found["ways"] or 0.0) >= _MOST and ("_payment" in others.values() or found["several"] >= _SEVERAL)
    lists = "order_id" in guesses and (found["counted"] or 0.0) >= _MOST and found["listed"] >= _SEVERAL
    return {name: guess for name, guess in guesses.items() if name != "title"} if pays or lists else guesses
