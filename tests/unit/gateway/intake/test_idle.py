"""Stock without a sale is told where the document would show one, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.intake.goods import Cost, Stock
from schemas.facts import ChannelFacts, Figure
from tests.unit.gateway.intake.test_margin import cost, daily, facts, sale

END = "2026-03-31"


def on_hand(sku: str, units: float = 7.0, **more: Any) -> Stock:
    return Stock(sku, units, **{"counted_on": END} | more)


def found(own: ChannelFacts) -> Figure | None:
    return next((one for one in own.figures if one.metric == "idle_stock"), None)


def idle(rows: list[dict[str, Any]], *stock: Stock, costs: tuple[Cost, ...] = (), channel: str = "shopee") -> Any:
    return found(facts(rows, *costs, stock=list(stock), channel=channel))


def test_units_on_hand_without_a_sale_are_told_with_the_money_in_them() -> None:
    """The costliest first; of what has no known cost the units alone, and no sum pretends to be of all."""
    stock = [on_hand("A"), on_hand("X", 7, title="Prato"), on_hand("Y", 3), on_hand("Z", 50), on_hand("N", 0)]
    costs = (cost("x", 10.0), cost("X", 12.5, "2026-03-20"), cost("Y", 40.0), cost("Z", 9.0, currency="USD"))
    figure = idle(daily("A"), *stock, costs=costs)

    assert (figure.value, figure.unit, figure.skus) == (3.0, "count", ["Y", "X", "Z"])
    assert figure.detail == {
        "days": 30, "products": 3, "units": 60.0, "counted_on": END, "costed": 2, "tied": 120.0 + 87.5,
        "by_sku": {
            "Y": {"stock": 3.0, "unit_cost": 40.0, "tied": 120.0},
            "X": {"stock": 7.0, "unit_cost": 12.5, "tied": 87.5},
            "Z": {"stock": 50.0},
        },
        "titles": {"X": "Prato"},
    }  # fmt: skip
    assert "tied" not in idle(daily("A"), on_hand("A"), on_hand("Z")).detail


@pytest.mark.parametrize(
    ("rows", "stock"),
    [
        pytest.param(daily("A", days=27), [on_hand("A"), on_hand("X")], id="too few days"),
        pytest.param(
            [*daily("A"), sale(None, title="Prato", listing=None, day=3)], [on_hand("A"), on_hand("X")], id="no SKU"
        ),
        pytest.param(
            [*daily("A"), sale("X", status="cancelled")], [on_hand("A"), on_hand("X")], id="ordered and cancelled"
        ),
        pytest.param([*daily("A"), *daily("B"), *daily("C")], [on_hand("A"), on_hand("X")], id="other SKUs"),
        pytest.param([*daily("A"), sale("x-m")], [on_hand("A"), on_hand("X")], id="sold as a variation"),
        pytest.param([*daily("A"), sale("X")], [on_hand("A"), on_hand("X-M")], id="sold under the main SKU"),
        pytest.param([*daily("A"), sale("KIT 2X+A")], [on_hand("A"), on_hand("2X")], id="sold in a kit"),
        pytest.param([*daily("A"), sale("X", currency="USD")], [on_hand("A"), on_hand("X")], id="in another currency"),
        pytest.param(daily("A"), [on_hand("A"), on_hand("X", counted_on="2026-01-31")], id="counted long ago"),
        pytest.param(
            [one | {"at": None} for one in daily("A")], [on_hand("A"), on_hand("X")], id="no days"
        ),
    ],
)  # fmt: skip
def test_where_a_sale_may_not_be_seen_nothing_is_said(rows: list[dict[str, Any]], stock: list[Stock]) -> None:
    assert idle(rows, *stock) is None


def test_stock_of_all_channels_is_idle_on_all_of_them_and_told_once() -> None:
    rows = [*daily("A"), *daily("A", 3.0, "amazon", 35)]
    stock = [on_hand("A"), on_hand("X")]
    of_amazon = idle(rows, *stock, channel="amazon")

    assert idle(rows, *stock) is None
    assert (of_amazon.skus, of_amazon.detail["days"]) == (["X"], 30)
    sold_elsewhere = [*rows, sale("X", channel="amazon")]
    assert idle(sold_elsewhere, *stock, channel="amazon") is None
    own = [on_hand("A"), on_hand("X", 4, channel="shopee")]
    assert idle(sold_elsewhere, *own).skus == ["X"]
    too_short = [*rows, *daily("A", channel="magalu", days=10)]
    assert idle(too_short, *stock, channel="amazon") is None
