"""A shop with a second channel in another document; products are cheaper there, dearer, or cost the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from bench.evaluate.golden.small_shops import write_own
from bench.evaluate.golden.steady import Steady, steady
from gateway.intake.elsewhere import Elsewhere
from local.samples.catalog import Item, items
from local.samples.market import LAST_DAY
from schemas.product import Sold, SoldProduct

_GOODS: Final = items()[:20]
_OF: Final = Steady()
#: What the other channel asks of the price here.
_THERE: Final = {_GOODS[0].sku: 0.8, _GOODS[2].sku: 1.25}


def write(path: Path, seed: int) -> Golden:
    """Write a shop that is the dearer one for a product, and the cheaper one for another."""
    sold = steady(Random(f"across-{seed}"), 500, _GOODS, _OF)
    write_own(path, sold)
    first, last = (f"{(LAST_DAY - timedelta(days=days)).date()}" for days in (_OF.days - 1, 0))
    products = [_product(item, first, last) for item in _GOODS]
    planted = {"price-gap-elsewhere": _GOODS[0].sku, "price-gap": _GOODS[2].sku}
    truth = sold.truth(planted=planted, costs=True, returns=False)
    there = Elsewhere("shopee", "earlier", first, last, Sold("BRL", last, 0.8, products))
    return Golden(path, ["own_store"], "plain", {"own_store": truth}, elsewhere=(there,))


def _product(item: Item, first: str, last: str) -> SoldProduct:
    price = round(item.price * _THERE.get(item.sku, 1.0), 2)
    return SoldProduct(item.sku, 60.0, 60 * price, 60, first, last, price, price, price)
