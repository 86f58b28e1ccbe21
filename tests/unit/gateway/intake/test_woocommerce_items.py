"""Items of WooCommerce orders that stand in a cell each, or all in one, are read as the products they are."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.woocommerce_items import UNREAD
from gateway.uploads.reading_words import remark_in_english
from tests.unit.gateway.intake.tables import Row, raw, sold

#: The columns that both plugins write, then those of the items.
HEAD = [
    "order_id", "order_number", "order_date", "status", "shipping_total", "fee_total", "tax_total", "discount_total",
    "order_total", "order_currency", "customer_email", "billing_first_name", "refund_items",
]  # fmt: skip
PRODUCTS = {"A-1": ("Mug: red", 20.0), "B-2": ("Poster 30 x 40; matt", 35.5), "": ("Gift card", 50.0)}


@dataclass(frozen=True)
class Item:
    """One item of an order: what its parts are written as."""

    sku: str
    units: int
    full: float
    total: float
    back: int = 0

    @property
    def refunded(self) -> float:
        return round(self.total * self.back / self.units, 2)

    def written(self, *, all_in_one: bool) -> str:
        name = PRODUCTS[self.sku][0]
        if all_in_one:
            return (
                f"id:9|name:{name}|product_id:13|sku:{self.sku}|quantity:{self.units}|subtotal:{self.full:.2f}|"
                f"subtotal_tax:0.00|total:{self.total:.2f}|total_tax:0.00|refunded:{self.refunded:.2f}|"
                f"refunded_qty:{self.back}|meta:Size=M,quantity=9|total:1.00"
            )
        refunded = f"|refunded:{self.refunded:.2f}" if self.back else ""
        parts = f"quantity:{self.units}|total:{self.total:.2f}|sub_total:{self.full:.2f}"
        return f"name:{name}|product_id:13|sku:{self.sku}|{parts}|color:Red{refunded}|_variation_id:616"


def row(number: int, status: str, items: list[Item], *, freight: float = 10.0, fee: float = 0.0) -> list[str]:
    """Return the columns of the order before its items."""
    discount = sum(one.full - one.total for one in items)
    total = sum(one.total for one in items) + freight + fee
    back = sum(one.refunded for one in items)
    refunds = f"amount:{back:.2f}|reason:it broke; amount wrong|date:2026-03-20 12:13:48" if back else ""
    amounts = [f"{one:.2f}" for one in (freight, fee, 0.0, discount, total)]
    head = [str(number), f"N{number}", f"2026-03-{number % 28 + 1:02d} 07:32:06", status]
    return [*head, *amounts, "USD", "ana@x.test", "Zuleica", refunds]


def read(orders: list[tuple[list[str], list[Item]]], *, all_in_one: bool) -> Reading:
    if all_in_one:
        rows: list[Row] = [[*HEAD, "line_items"]]
        rows += [[*own, ";".join(one.written(all_in_one=True) for one in items)] for own, items in orders]
    else:
        most = max(len(items) for _, items in orders)
        rows = [[*HEAD, *(f"line_item_{place + 1}" for place in range(most))]]
        rows += [[*own, *(one.written(all_in_one=False) for one in items)] for own, items in orders]
    return understand(raw([[cell or None for cell in one] for one in rows]), ["own_store"])


@pytest.mark.parametrize("all_in_one", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_figures_are_those_that_were_planted(seed: int, all_in_one: bool) -> None:
    draw = Random(f"items-{seed}")
    orders, sold_units, revenue, refunds, by_sku = [], 0, 0.0, 0.0, dict.fromkeys(PRODUCTS, 0)
    for number in range(1, 61):
        status = draw.choices(("completed", "processing", "cancelled", "pending"), (70, 15, 10, 5))[0]
        cut = draw.choice((0.0, 0.0, 0.1))
        items = []
        for sku in draw.sample(list(PRODUCTS), draw.randint(1, 3)):
            units, price = draw.randint(1, 4), PRODUCTS[sku][1]
            back = draw.choices((0, units), (90, 10))[0] if status == "completed" else 0
            items.append(Item(sku, units, units * price, round(units * price * (1 - cut), 2), back))
        own = row(number, status, items, fee=draw.choice((0.0, 2.5)))
        orders.append((own, items))
        if status in ("completed", "processing"):
            sold_units += sum(one.units for one in items)
            revenue += float(own[8])
            refunds += sum(one.refunded for one in items)
            for one in items:
                by_sku[one.sku] += one.units
    found = read(orders, all_in_one=all_in_one)
    lines = sold(found)
    (own_facts,) = channel_facts(lines, None)
    figures = {figure.metric: figure.value for figure in own_facts.figures}

    assert found.report.layout == "woocommerce.order_items"
    assert (own_facts.channel, own_facts.currency) == ("own_store", "USD")
    assert figures["units"] == sold_units
    assert figures["revenue"] == pytest.approx(revenue, abs=0.02)
    assert figures["refunds"] == pytest.approx(refunds, abs=0.02)
    assert figures["orders"] == sum(one[0][3] in ("completed", "processing") for one in orders)
    kept = lines.filter(lines["status"] == "sold")
    told = dict(kept.group_by("sku").agg(pl.col("units").sum()).rows())
    assert {sku: told[sku or None] for sku in by_sku} == by_sku
    assert own_facts.reconciliation is not None
    assert own_facts.reconciliation.share == pytest.approx(0, abs=1e-6)
    assert set(kept["title"]) == {name for name, _ in PRODUCTS.values()}
    assert "x.test" not in str(found)
    assert "Zuleica" not in str(lines.rows())


@pytest.mark.parametrize("all_in_one", [False, True])
def test_what_one_item_gave_back_is_its_own(all_in_one: bool) -> None:
    items = [Item("A-1", 2, 40.0, 40.0, back=2), Item("B-2", 1, 35.5, 35.5)]
    lines = sold(read([(row(1, "completed", items), items)], all_in_one=all_in_one))

    assert lines["refund"].to_list() == [40.0, 0.0]
    # one plugin tells the units of each, the other nothing but an amount
    assert lines["returned_units"].to_list() == ([2, 0] if all_in_one else [None, None])


def test_an_order_that_is_refunded_came_back_whole() -> None:
    items = [Item("A-1", 2, 40.0, 40.0)]
    lines = sold(read([(row(1, "refunded", items), items)], all_in_one=False))

    assert (lines["status"].item(), lines["returned_units"].item(), lines["refund"].item()) == ("returned", 2, 50.0)


@pytest.mark.parametrize("cell", ["Mug x 2, Poster x 1", "name:Mug|quantity:two|total:9.00", '[{"name":"Mug"}]'])
def test_items_that_are_not_understood_are_unknown_and_their_order_counts(cell: str) -> None:
    items = [Item("A-1", 2, 40.0, 40.0)]
    found = understand(
        raw(
            [
                [*HEAD, "line_item_1", "line_item_2"],
                [one or None for one in [*row(1, "completed", items), items[0].written(all_in_one=False), ""]],
                [one or None for one in [*row(2, "completed", items), items[0].written(all_in_one=False), cell]],
            ]
        ),
        ["own_store"],
    )
    lines = sold(found)

    assert lines["revenue"].to_list() == [50.0, 50.0]
    assert lines["units"].to_list() == [2, None]
    assert lines["title"].to_list() == ["Mug: red", None]
    (told,) = (one for one in found.report.warnings if "itens escritos" in one)
    assert told == UNREAD.format(orders=1)
    assert remark_in_english(told).startswith("1 order(s) have items that are written in a way that is not known")


def test_without_what_items_cost_before_the_coupon_its_part_is_added() -> None:
    head: Row = [
        *("order_id", "order_date", "status", "order_total"),
        *("shipping_total", "discount_total", "order_currency", "line_item_1"),
    ]
    found = understand(
        raw(
            [
                head,
                ["1", "2026-03-01", "completed", "22.00", "4.00", "2.00", "USD", "name:Mug|quantity:2|total:18.00"],
            ]
        ),
        ["own_store"],
    )
    lines = sold(found)

    assert (lines["units"].item(), lines["title"].item(), lines["revenue"].item()) == (2, "Mug", 22.0)
    assert (lines["total_theirs"].item(), lines["total_ours"].item()) == (22.0, 22.0)


def test_an_export_that_was_put_below_itself_counts_once() -> None:
    items = [Item("A-1", 2, 40.0, 40.0), Item("B-2", 1, 35.5, 35.5)]
    orders = [(row(number, "completed", items), items) for number in range(1, 16)]
    once, twice = (sold(read(orders * times, all_in_one=False)) for times in (1, 2))

    assert twice["units"].sum() == once["units"].sum() == 45
    assert twice["revenue"].sum() == pytest.approx(once["revenue"].sum())
