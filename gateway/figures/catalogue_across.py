"""The figures that need another channel, of the same document or by its own last one, as `catalogue` has all others."""

from __future__ import annotations

from typing import Final

from gateway.figures.metric import Metric, Needs

_PRICES: Final[Needs] = (("sku", "revenue", "units"),)

ACROSS: Final[dict[str, Metric]] = {
    "stopped_everywhere": Metric(
        "Days without sales on any channel",
        "days since the last sale of best sellers that stopped on all channels at once: those of this document, and"
        " those whose last document is of the same days",
        (("at", "sku"),),
    ),
    "price_gap": Metric(
        "Price gap",
        "how far below the dearest channel the same SKU sells here (medians; at least 5 units on each, in one"
        " currency; from 5 % on); of channels that this document does not tell of, by their last document of the same"
        " days",
        _PRICES,
    ),
    "price_gap_elsewhere": Metric(
        "Cheaper on another channel",
        "how far below the price here the same SKU sells on another channel, by its last document of the same days"
        " (medians; at least 5 units on each, in one currency; from 5 % on)",
        _PRICES,
    ),
}
