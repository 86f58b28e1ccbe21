"""Which rows are of one product, however its SKU is written."""

from __future__ import annotations

import polars as pl

from gateway.intake.figures import channel_facts
from gateway.intake.figures.identity import joined_keys
from gateway.intake.layouts.lines import LINES
from tests.unit.gateway.intake.test_figures import line


def test_a_sku_in_other_letters_is_the_same_product_as_it_was_written_first() -> None:
    rows = [
        line(sku=sku, order_id=str(n), units=1.0, revenue=10.0) for n, sku in enumerate(("CAM-01", "cam-01", "Cam-02"))
    ]
    (found,) = channel_facts(pl.DataFrame(rows, schema=LINES), None)

    assert {one.sku: one.units for one in found.products} == {"CAM-01": 2.0, "Cam-02": 1.0}


def keys(*rows: tuple[str, str, str]) -> dict[str, str]:
    return joined_keys(pl.DataFrame(rows, schema=("channel", "sku", "title"), orient="row"))


def test_titles_that_would_join_two_skus_of_one_channel_join_none() -> None:
    one = ("shopee", "b", "Caneca"), ("amazon", "a", "CANECA")
    assert keys(*one) == {"B": "A"}
    assert keys(*one, ("shopee", "c", "Copo"), ("amazon", "a", "Copo")) == {}
    assert keys(*one, ("amazon", "d", "Prato"), ("shopee", "b", "Prato")) == {}
