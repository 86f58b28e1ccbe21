"""The currency of each of Amazon's marketplaces, by its address in a column of the report of transactions."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import constant

_COLUMN: Final = ("marketplace", "web de Amazon", "site de vente", "marketplace Amazon", "Amazon 出品サービス")
_CURRENCIES: Final = {
    "amazon.com": "USD",
    "amazon.ca": "CAD",
    "amazon.com.mx": "MXN",
    "amazon.com.br": "BRL",
    "amazon.co.uk": "GBP",
    **dict.fromkeys(("amazon.de", "amazon.fr", "amazon.it", "amazon.es", "amazon.nl", "amazon.ie"), "EUR"),
    "amazon.com.be": "EUR",
    "amazon.co.jp": "JPY",
    "amazon.in": "INR",
    "amazon.com.au": "AUD",
    "amazon.pl": "PLN",
    "amazon.se": "SEK",
    "amazon.com.tr": "TRY",
    "amazon.sg": "SGD",
    "amazon.ae": "AED",
    "amazon.sa": "SAR",
}


def currency_of_marketplaces(table: Columns) -> pl.Series | None:
    """Return the currency of the only currency's marketplaces that the rows name; None where they name none, or more.

    A parcel of another shop (`Non-Amazon`, `si-prod-marketplace`) names none, and stands beside others.
    """
    named = table.text(*_COLUMN, optional=True)
    if named is None:
        return None
    addresses = named.drop_nulls().str.to_lowercase().str.strip_chars().unique()
    codes = {_CURRENCIES[one] for one in addresses if one in _CURRENCIES}
    return constant(codes.pop(), table.height) if len(codes) == 1 else None
