"""Each figure's formula on a handful of lines, as docs/analysis.md defines it."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gateway.intake import figures as figures_package
from gateway.intake.figures import channel_facts
from gateway.intake.figures.products import MAX_PRODUCTS
from gateway.intake.goods import OF_ALL, OF_PART
from gateway.intake.layouts.lines import EXPOSURE, LINES
from schemas.facts import NETS, ChannelFacts, Figure

START = datetime.fromisoformat("2026-01-01T10:00")


def line(**values: Any) -> dict[str, Any]:
    return {"channel": "shopee", "order_id": "1", "sku": "A", "title": "a", "status": "sold", "units": 1.0} | values


def facts(*rows: dict[str, Any], channel: str = "shopee") -> ChannelFacts:
    found = {c.channel: c for c in channel_facts(pl.DataFrame(list(rows), schema=LINES), None)}
    return found[channel]


def value(facts: ChannelFacts, metric: str) -> float | None:
    return next((figure.value for figure in facts.figures if figure.metric == metric), None)


def figure(facts: ChannelFacts, metric: str) -> Figure:
    return next(figure for figure in facts.figures if figure.metric == metric)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def test_sales_are_neither_cancelled_nor_unpaid() -> None:
    found = facts(
        line(order_id="1", revenue=100.0, units=2.0),
        line(order_id="1", revenue=50.0),
        line(order_id="2", revenue=10.0, status="returned"),
        line(order_id="3", revenue=1000.0, status="cancelled"),
        line(order_id="4", revenue=1000.0, status="unpaid"),
    )

    assert value(found, "revenue") == 160
    assert value(found, "orders") == 2
    assert value(found, "units") == 4
    assert value(found, "average_ticket") == 80


def test_unknown_is_never_zero() -> None:
    found = facts(line(revenue=10.0))

    absent = "fees fee_share shipping_cost shipping_share refunds returned_units return_rate discount_depth"
    assert [metric for metric in absent.split() if value(found, metric) is not None] == []
    assert value(found, "net_receipts") is None
    assert value(found, "advertising_share") is None
    assert value(found, "period_days") is None
    assert found.period == []
    assert found.products[0].fees is None
    assert found.products[0].net is None


def test_cost_shares_compare_only_rows_whose_cost_is_known() -> None:
    found = facts(
        line(revenue=100.0, fees=20.0, shipping=10.0), line(revenue=300.0, shipping=10.0), line(revenue=100.0)
    )

    assert value(found, "fee_share") == 0.2
    assert value(found, "shipping_share") == 0.05
    assert value(found, "fees") == 20
    assert value(found, "shipping_cost") == 20


def test_net_receipts() -> None:
    found = facts(line(revenue=100.0, fees=20.0, shipping=10.0, refund=30.0, returned_units=1.0))

    assert value(found, "net_receipts") == 40
    assert value(found, "refunds") == 30
    assert found.products[0].net == 40


def test_return_rates() -> None:
    found = facts(
        line(sku="A", units=20.0, returned_units=6.0, revenue=200.0, refund=60.0),
        line(sku="B", units=80.0, returned_units=0.0, revenue=800.0),
        line(sku="C", units=9.0, returned_units=9.0, revenue=90.0),  # too few to tell
    )

    assert value(found, "return_rate") == pytest.approx(15 / 109, abs=0.0001)
    assert value(found, "returned_units") == 15
    worst = figure(found, "product_return_rate")
    assert (worst.value, worst.skus) == (0.3, ["A"])
    assert worst.detail["by_sku"]["A"] == {
        "return_rate": 0.3, "returned_units": 6, "units": 20, "unit_price": 10, "refund": 60,
    }  # fmt: skip


def test_losses_name_the_worst_product_first() -> None:
    found = facts(
        line(sku="A", units=5.0, revenue=50.0, fees=30.0, shipping=40.0),
        line(sku="B", units=5.0, revenue=50.0, fees=80.0, shipping=0.0),
        line(sku="C", units=5.0, revenue=50.0, fees=5.0, shipping=5.0),
        line(sku="D", units=1.0, revenue=1.0, fees=5.0, shipping=5.0),  # one odd sale
    )

    losses = figure(found, "product_losses")
    assert (losses.value, losses.skus, losses.detail["products"]) == (50, ["B", "A"], 2)


def test_concentration_needs_ten_products() -> None:
    many = [line(sku=f"S{n}", revenue=90.0 if n == 0 else 1.0) for n in range(11)]

    top = figure(facts(*many), "concentration_top10")
    assert (top.value, top.skus, top.detail["products"], top.detail["top"]) == (0.91, ["S0", "S1"], 11, 2)
    assert (top.detail["cases"], top.detail["trials"]) == (11, 1.233)  # one of the units has nine tenths of the money
    assert value(facts(*many[:9]), "concentration_top10") is None


def test_advertising_and_discounts() -> None:
    found = facts(
        line(revenue=30.0, advertised=True, discount=10.0, units=10.0),
        line(revenue=50.0, advertised=False, discount=10.0),
        line(revenue=20.0),
    )

    assert value(found, "advertising_share") == 0.375
    assert value(found, "discount_depth") == 0.2
    assert figure(found, "product_discount_depth").skus == ["A"]


def test_dispatch() -> None:
    found = facts(*[line(ship_days=days) for days in (0.5, 1.0, 2.5, 3.0, -1.0, None)])

    assert value(found, "dispatch_days") == 1.8
    assert value(found, "slow_shipping_share") == 0.5


def test_missing_skus() -> None:
    found = facts(line(revenue=10.0), line(sku=None, title="Sem código", revenue=10.0))

    assert value(found, "missing_sku_share") == 0.5
    assert {product.sku for product in found.products} == {"A", "Sem código"}


def test_period_months_and_growth() -> None:
    rows = [line(sku="A", at=day(n), revenue=100.0 if n < 30 else 50.0) for n in range(60)]
    found = facts(*rows, line(sku="B", at=day(40), revenue=10.0))

    assert value(found, "period_days") == 60
    assert found.period == ["2026-01-01", "2026-03-01"]
    growth = figure(found, "revenue_growth")
    assert growth.value == pytest.approx(1510 / 3000 - 1, abs=0.0001)
    assert growth.skus == ["A"]
    assert growth.detail["by_sku"]["A"] == {"now": 1500, "then": 3000, "fall": 1500}
    assert (growth.detail["orders_now"], growth.detail["orders_then"], growth.detail["bursts"]) == (30, 30, 1)
    assert growth.detail["alike"] == pytest.approx(4510**2 / (30 * 100**2 + 29 * 50**2 + 60**2), abs=0.01)
    months = figure(found, "best_month_revenue")
    assert months.detail["months"] == {"2026-01": 3050, "2026-02": 1410, "2026-03": 50}
    assert value(facts(*rows[:59]), "revenue_growth") is None


def test_growth_tells_what_the_same_days_did_a_year_before() -> None:
    def sold(first: int, revenue: float) -> list[dict[str, Any]]:
        return [line(at=day(first + n), order_id=f"{first}-{n}", revenue=revenue) for n in range(30)]

    # a day before the spans of a year before, these spans, and those of now; 364 days are 52 weeks
    rows = [line(at=day(-365), order_id="x", revenue=1.0), *sold(-364, 200.0), *sold(-334, 80.0)]
    rows += [*sold(0, 100.0), *sold(30, 50.0)]
    assert figure(facts(*rows), "revenue_growth").detail["year_before"] == {"current": 2400, "previous": 6000}
    assert "year_before" not in figure(facts(*rows[1:][1:]), "revenue_growth").detail  # it begins a day too late
    thin = [rows[0], *rows[22:31], *rows[31:]]
    assert "year_before" not in figure(facts(*thin), "revenue_growth").detail  # nine rows are no month


def test_a_silent_best_seller_is_told_from_a_slow_one() -> None:
    steady = [line(sku="A", at=day(n), revenue=10.0) for n in range(60)]
    silent = [line(sku="B", at=day(n), revenue=50.0) for n in range(40)]
    slow = [line(sku="C", at=day(n), revenue=500.0) for n in range(0, 50, 5)]  # every five days: 14 is no wonder
    found = facts(*steady, *silent, *slow)

    days = figure(found, "days_without_sales")
    assert (days.value, days.unit, days.skus) == (20, "days", ["B"])
    assert days.detail["by_sku"]["B"]["daily_revenue"] == 50


def test_price_gaps_name_the_cheaper_channel() -> None:
    rows = [
        line(channel="shopee", sku="a-1", units=10.0, revenue=800.0),
        line(channel="amazon", sku="A-1", units=10.0, revenue=1000.0),
        line(channel="amazon", sku="B", units=10.0, revenue=1000.0),
    ]
    gap = figure(facts(*rows), "price_gap")

    assert (gap.value, gap.skus) == (0.2, ["a-1"])
    assert gap.detail["by_sku"]["a-1"] == {
        "here": 80, "other": 100, "other_channel": "amazon", "gap": 0.2, "units": 10, "other_units": 10,
        "here_high": 80, "other_low": 100,
    }  # fmt: skip
    assert value(facts(*rows, channel="amazon"), "price_gap") is None


def test_currency_is_the_documents() -> None:
    found = facts(line(revenue=10.0, currency="INR"), line(revenue=10.0, currency=None))

    assert found.currency == "INR"
    assert figure(found, "revenue").unit == "INR"


def test_exposure_alone_gives_sales_and_low_clicks() -> None:
    rows = [
        {"channel": "shopee", "sku": f"S{n}", "title": "t", "units": 1.0, "revenue": 10.0, "impressions": 1000.0,
         "clicks": 2.0 if n == 3 else 40.0}
        for n in range(12)
    ]  # fmt: skip
    (found,) = channel_facts(None, pl.DataFrame(rows, schema=EXPOSURE))

    assert (value(found, "revenue"), value(found, "units")) == (120, 12)
    assert (value(found, "impressions"), value(found, "clicks")) == (12000, 442)
    assert figure(found, "low_click_rate").skus == ["S3"]
    assert value(found, "orders") is None


def test_products_are_capped_and_named_ones_are_among_them() -> None:
    many = [line(sku=f"S{n:03d}", order_id=str(n), revenue=1000.0 - n) for n in range(100)]
    loser = line(sku="LOSER", units=5.0, revenue=1.0, fees=50.0)
    found = facts(*many, loser)

    assert len(found.products) == MAX_PRODUCTS
    assert "LOSER" in {product.sku for product in found.products}


def test_lines_without_a_channel_belong_to_none() -> None:
    assert channel_facts(pl.DataFrame([line(channel=None)], schema=LINES), None) == []


def test_every_metric_is_documented() -> None:
    """Each metric that the code writes has its row in docs/analysis.md, and each row its metric."""
    folder = Path(figures_package.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    written = set(re.findall(r'(?:money|count|ratio|rate|days|_figure|Figure)\(\s*"([a-z_0-9]+)"', code))
    written |= {*re.findall(r'\("(fees|refunds)", ', code), *NETS}
    written |= {*OF_ALL, *OF_PART}
    document = (Path(__file__).parents[4] / "docs" / "analysis.md").read_text(encoding="utf-8")
    table = document.split("## The figures")[1].split("\n## ")[0]
    documented = set(re.findall(r"`([a-z_0-9]+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))

    assert written == documented


def test_a_few_rows_without_a_number_leave_the_orders_unknown() -> None:
    numbered = [line(order_id=str(n), revenue=10.0) for n in range(12)]

    assert value(facts(*numbered), "orders") == 12
    some = facts(*numbered, *(line(order_id=None, revenue=5.0) for _ in range(8)))
    assert value(some, "orders") is None
    assert value(some, "revenue") == 160
    assert any(one.startswith("8 linha(s) não têm o número do pedido") for one in some.warnings)
    none = facts(*(line(order_id=None, revenue=5.0) for _ in range(8)))
    assert not any("número do pedido" in one for one in none.warnings)
