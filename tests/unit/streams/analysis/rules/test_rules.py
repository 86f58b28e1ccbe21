"""Each rule: when it speaks, whom it names, what it is worth; and when it keeps quiet."""

import re
from pathlib import Path
from typing import Any

import pytest

from schemas.facts import ChannelFacts, DocumentFacts, Figure, Product, TableRead
from schemas.plan import ChannelAnalysis, Opportunity
from streams.analysis.rules import MODEL, analyse
from streams.analysis.rules.analyst import RULES
from streams.analysis.rules.view import DAYS_PER_MONTH

CHANNEL = "shopee"
#: Three months of R$ 30.000: R$ 10.000 a month, so that shares are easy to see.
BASE = [
    Figure("revenue", 30_000.0, "BRL"),
    Figure("orders", 300.0, "count"),
    Figure("period_days", 3 * DAYS_PER_MONTH, "days"),
]


def near(value: float, abs: float | None = None) -> Any:  # noqa: A002 - pytest's name for it
    """Return a value that a float equals but for rounding; it compares with whatever is beside it."""
    return pytest.approx(value, abs=abs or 0.01)


def document(*figures: Figure, currency: str = "BRL", products: list[Product] | None = None) -> DocumentFacts:
    own = ChannelFacts(CHANNEL, ["2026-01-01", "2026-03-31"], currency, [*BASE, *figures], products or [])
    return DocumentFacts("text/csv", "vendas", [TableRead("arquivo", "plain", 300)], [own])


def analysis(*figures: Figure, **more: Any) -> ChannelAnalysis:
    return analyse(CHANNEL, document(*figures, **more))


def only(*figures: Figure, **more: Any) -> Opportunity:
    (opportunity,) = analysis(*figures, **more).opportunities
    return opportunity


def ids(*figures: Figure, **more: Any) -> list[str]:
    return [opportunity.id.removeprefix(f"{CHANNEL}-") for opportunity in analysis(*figures, **more).opportunities]


def returned(rate: float, sku: str = "VES") -> Figure:
    by_sku = {sku: {"return_rate": rate, "returned_units": rate * 100, "units": 100, "unit_price": 60.0}}
    return Figure("product_return_rate", rate, "ratio", [sku], {"by_sku": by_sku})


def test_returns_are_worth_what_lies_above_a_normal_rate() -> None:
    found = only(returned(0.33), Figure("return_rate", 0.04, "ratio"))

    assert found.id == "shopee-returns"
    assert found.worth_brl == near((33 - 3) * 60 / 3)
    assert (found.evidence[0].metric, found.evidence[0].value, found.evidence[0].skus) == (
        "product_return_rate", 0.33, ["VES"],
    )  # fmt: skip
    assert "33,0%" in found.what


@pytest.mark.parametrize(("rate", "channel"), [(0.07, 0.01), (0.15, 0.08)])
def test_returns_below_the_limit_or_usual_on_the_channel_are_no_finding(rate: float, channel: float) -> None:
    assert ids(returned(rate), Figure("return_rate", channel, "ratio")) == []


def losses(loss: float) -> Figure:
    by_sku = {"CHV": {"net": -loss, "revenue": 100.0, "units": 10, "fees": 60.0, "shipping": 40.0 + loss}}
    return Figure("product_losses", loss, "BRL", ["CHV"], {"products": 1, "by_sku": by_sku})


@pytest.mark.parametrize(("loss", "priority"), [(600.0, "high"), (30.0, "normal")])
def test_losses_are_worth_what_they_lose(loss: float, priority: str) -> None:
    found = only(losses(loss))

    assert (found.id, found.worth_brl, found.priority) == ("shopee-losses", near(loss / 3), priority)
    assert found.evidence[0].value == loss
    assert "R$ 10,00" in found.what  # what a unit brings in


def silent(sku: str = "CXS") -> Figure:
    by_sku = {sku: {"silent_days": 20, "daily_revenue": 100.0, "usual_pause": 1.2, "sale_days": 60}}
    return Figure("days_without_sales", 20.0, "days", [sku], {"by_sku": by_sku})


def test_a_stock_out_is_worth_a_month_less_costs_and_always_urgent() -> None:
    fees, shipping = Figure("fee_share", 0.15, "ratio"), Figure("shipping_share", 0.05, "ratio")
    found = only(silent(), fees, shipping)

    assert (found.id, found.priority) == ("shopee-stock-out", "high")
    assert found.worth_brl == near(100 * DAYS_PER_MONTH * 0.8, abs=0.01)


@pytest.mark.parametrize(
    ("metric", "quiet", "speaks", "rule", "worth"),
    [
        ("fee_share", 0.199, 0.23, "fees", None),
        ("shipping_share", 0.099, 0.12, "shipping", 400.0),
        ("discount_depth", 0.149, 0.20, "discounts", 0.10 * 10_000 / 0.8),
        ("unpaid_share", 0.079, 0.10, "unpaid", None),
        ("concentration_top10", 0.59, 0.75, "concentration", None),
        ("advertising_share", 0.34, 0.40, "advertising", None),
        ("advertising_share", 0.05, 0.01, "try-advertising", None),
        ("missing_sku_share", 0.04, 0.20, "missing-skus", None),
    ],
)
def test_shares_of_the_channel(metric: str, quiet: float, speaks: float, rule: str, worth: float | None) -> None:
    detail = {"top": 2, "products": 20}
    assert ids(Figure(metric, quiet, "ratio", ["A"], detail)) == []

    found = only(Figure(metric, speaks, "ratio", ["A"], detail))
    assert found.id == f"shopee-{rule}"
    assert found.worth_brl == (None if worth is None else near(worth))
    assert (found.evidence[0].metric, found.evidence[0].value) == (metric, speaks)


def test_cancellations_are_worth_the_part_above_the_target() -> None:
    rate = Figure("cancellation_rate", 0.08, "ratio")
    lost = Figure("cancelled_revenue", 2_400.0, "BRL", ["A"], {"by_sku": {"A": {"lines": 9, "revenue": 2_400.0}}})
    found = only(rate, lost)

    assert (found.id, found.worth_brl) == ("shopee-cancellations", near(800 * 0.06 / 0.08))
    assert ids(Figure("cancellation_rate", 0.049, "ratio"), lost) == []


def test_a_handful_of_orders_proves_nothing() -> None:
    own = ChannelFacts(CHANNEL, [], "BRL", [Figure("orders", 4.0, "count"), Figure("cancellation_rate", 0.5, "ratio")])
    found = analyse(CHANNEL, DocumentFacts("text/csv", "v", [], [own]))

    assert found.opportunities == []
    assert any("poucos pedidos" in limit for limit in found.limits)


def growth(value: float, *, fall_of: str = "TEN") -> Figure:
    now, then = 1_000 * (1 + value), 1_000.0
    detail = {
        "current": now,
        "previous": then,
        "by_sku": {fall_of: {"now": 0.0, "then": then - now, "fall": then - now}},
    }
    return Figure("revenue_growth", value, "ratio", [fall_of], detail)


@pytest.mark.parametrize(("value", "priority"), [(-0.15, "normal"), (-0.4, "high")])
def test_falling_sales_name_what_fell(value: float, priority: str) -> None:
    found = only(growth(value))

    assert (found.id, found.priority) == ("shopee-falling-sales", priority)
    assert found.evidence[0].skus == ["TEN"]
    assert found.worth_brl == near(-value * 1_000)


def test_a_small_fall_and_one_that_a_stock_out_explains_are_no_finding() -> None:
    assert ids(growth(-0.09)) == []
    assert ids(growth(0.5)) == []
    assert ids(growth(-0.3, fall_of="CXS"), silent("CXS")) == ["stock-out"]


def test_a_price_gap_is_worth_half_of_it() -> None:
    by_sku = {"AIR": {"here": 80.0, "other": 100.0, "other_channel": "amazon", "gap": 0.2, "units": 30}}
    found = only(Figure("price_gap", 0.2, "ratio", ["AIR"], {"by_sku": by_sku}))

    assert (found.id, found.worth_brl) == ("shopee-price-gap", near(20 * 30 * 0.5 / 3))
    assert "Amazon" in found.evidence[0].text
    assert found.evidence[0].text.endswith("(20,0% abaixo)")
    by_sku["AIR"]["gap"] = 0.07
    assert ids(Figure("price_gap", 0.07, "ratio", ["AIR"], {"by_sku": by_sku})) == []


@pytest.mark.parametrize(("alike", "found"), [(1_000.0, []), (100_000.0, ["falling-sales"])])
def test_a_sure_fall_that_may_be_smaller_than_the_limit_is_only_told(alike: float, found: list[str]) -> None:
    """Of 15 %, chance may leave 4 %, or 14 %."""
    figure = growth(-0.15)
    figure.detail.update({"orders_now": 460, "orders_then": 540, "alike": alike})

    assert ids(figure) == found


@pytest.mark.parametrize(
    ("ends", "is_found"),
    [({"here_high": 85.0, "other_low": 95.0}, True), ({"here_high": 96.0, "other_low": 95.0}, False), ({}, False)],
)
def test_a_price_gap_of_prices_that_overlap_is_only_told(ends: dict[str, float], is_found: bool) -> None:
    counted = {"here": 80.0, "other": 100.0, "other_channel": "amazon", "gap": 0.2, "units": 30, "other_units": 8}
    figure = Figure("price_gap", 0.2, "ratio", ["AIR"], {"by_sku": {"AIR": counted | ends}})
    told = analysis(figure)
    texts = [evidence.text for one in told.opportunities for evidence in one.evidence]

    assert [one.id for one in told.opportunities] == (["shopee-price-gap"] if is_found else [])
    assert any("30 unidades aqui, 8" in text for text in [*texts, *told.limits])


def refunded(units: int, refund: float) -> Figure:
    """Return a product of R$ 100 a unit that leaves R$ 10 of each before refunds."""
    net = 10.0 * units - refund
    by_sku = {"CHV": {"net": net, "revenue": 100.0 * units, "units": units, "fees": 90.0 * units, "refund": refund}}
    return Figure("product_losses", -net, "BRL", ["CHV"], {"products": 1, "by_sku": by_sku})


def test_one_refund_of_few_units_proves_no_loss() -> None:
    few, many = analysis(refunded(4, 100.0)), analysis(refunded(400, 10_000.0))

    assert few.opportunities == []
    assert any("R$ 60,00 em 4 unidades, por reembolsos. São poucos dados" in limit for limit in few.limits)
    assert many.opportunities[0].evidence[0].text.startswith("CHV: 400 unidades, receita")
    assert many.opportunities[0].worth_brl == near(6_000 / 3)


@pytest.mark.parametrize(("sale_days", "speaks"), [(10, False), (30, True)])
def test_a_best_seller_that_sold_seldom_may_be_silent_by_chance(sale_days: int, speaks: bool) -> None:
    by_sku = {"CXS": {"silent_days": 24, "daily_revenue": 9.0, "usual_pause": 60 / sale_days, "sale_days": sale_days}}
    figure = Figure("days_without_sales", 24.0, "days", ["CXS"], {"candidates": 8, "by_sku": by_sku})
    told = analysis(figure)

    assert [one.id for one in told.opportunities] == (["shopee-stock-out"] if speaks else [])
    assert any("24 dias sem vender, depois de vender em 10 dias" in limit for limit in told.limits) != speaks


def test_little_clicked_products() -> None:
    by_sku = {"A": {"click_rate": 0.002, "impressions": 9_000, "clicks": 18}}
    low = Figure("low_click_rate", 0.002, "ratio", ["A"], {"by_sku": by_sku})
    found = only(low, Figure("click_rate", 0.04, "ratio"))

    assert (found.id, found.worth_brl) == ("shopee-little-clicked", None)
    assert "0,20%" in found.evidence[0].text


def test_slow_dispatch() -> None:
    days = Figure("dispatch_days", 1.5, "days")

    assert only(Figure("slow_shipping_share", 0.2, "ratio"), days).id == "shopee-slow-dispatch"
    assert ids(Figure("slow_shipping_share", 0.14, "ratio"), days) == []


def test_another_currency_gets_no_worth_and_says_so() -> None:
    found = analysis(silent(), currency="INR")

    assert [opportunity.worth_brl for opportunity in found.opportunities] == [None]
    assert "INR 100,00" in found.opportunities[0].evidence[0].text
    assert any("INR" in limit for limit in found.limits)


def test_the_most_urgent_then_the_most_valuable_comes_first() -> None:
    assert ids(losses(30.0), Figure("fee_share", 0.30, "ratio"), silent(), Figure("unpaid_share", 0.2, "ratio")) == [
        "stock-out", "losses", "fees", "unpaid",
    ]  # fmt: skip


def test_evidence_is_always_a_figure_of_the_document() -> None:
    """No evidence has a metric that the document does not give, and no worth is negative."""
    facts = document(silent(), losses(300.0), growth(-0.4), returned(0.3), Figure("return_rate", 0.02, "ratio"))
    known = {figure.metric for figure in facts.channels[0].figures}
    for opportunity in analyse(CHANNEL, facts).opportunities:
        assert opportunity.evidence
        assert {evidence.metric for evidence in opportunity.evidence} <= known
        assert opportunity.worth_brl is None or opportunity.worth_brl > 0


def test_every_rule_is_documented_with_its_id() -> None:
    text = (Path(__file__).parents[5] / "docs" / "analysis.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", text.split("## The rules")[1].split("\n## ")[0], re.MULTILINE))
    code = Path(__file__).parents[5] / "streams" / "analysis" / "rules"
    written = set(
        re.findall(
            r'found\(\s*view,\s*"([a-z-]+)"', "\n".join(path.read_text(encoding="utf-8") for path in code.glob("*.py"))
        )
    )

    assert documented == written
    assert len(RULES) == len(written) - 1  # one rule has two answers on advertising
    assert f"`{MODEL}`" in text


def test_returns_that_the_marketplace_paid_for_are_worth_nothing() -> None:
    figure = returned(0.33)
    figure.detail["by_sku"]["VES"]["refund"] = 0.0

    assert only(figure, Figure("return_rate", 0.04, "ratio")).worth_brl is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"until": "2026-03-31", "by": "days"}, "Nos últimos 30 dias do documento (até 31/03/2026) a receita foi"),
        (
            {"until": "2022-05-31", "by": "month", "last_month": "2022-06", "last_month_revenue": 90.0},
            "Em 05/2022 a receita foi R$ 600,00, contra R$ 1.000,00 no mês anterior.",
        ),
        ({}, "Nos últimos 30 dias do documento a receita foi R$ 600,00, contra R$ 1.000,00 nos 30 dias anteriores."),
    ],
)
def test_falling_sales_tell_which_days(more: dict[str, Any], says: str) -> None:
    figure = growth(-0.4)
    figure.detail.update(more)

    what = only(figure).what
    assert says in what
    assert what.endswith("e ele pode não ter terminado.") == (more.get("by") == "month")


def test_a_last_month_that_may_not_be_over_is_told_and_never_a_finding() -> None:
    figure = growth(0.02)
    figure.detail.update({"until": "2022-05-31", "by": "month", "last_month": "2022-06", "last_month_revenue": 90.0})
    told = analysis(figure)

    assert told.opportunities == []
    assert (
        "O último mês do documento (06/2022) soma R$ 90,00 e não foi comparado: o documento só diz o mês, e ele pode "
        "não ter terminado." in told.limits
    )
    earlier = growth(-0.8)
    earlier.detail.update({"until": "2022-06-01", "by": "month"})
    assert ids(earlier) == []
    assert any("-80,0% não foi julgado" in limit for limit in analysis(earlier).limits)


def test_where_all_that_was_sold_before_has_stopped_there_is_no_fall_beside_it() -> None:
    figure = growth(-0.9, fall_of="CXS")
    figure.detail["by_sku"]["CXS"] = {"now": 0.0, "then": 1_000.0, "fall": 1_000.0}

    assert "falling-sales" not in ids(figure, silent())


def test_months_of_which_the_last_may_not_be_over_say_why_nothing_was_compared() -> None:
    own = ChannelFacts(CHANNEL, [], "BRL", [Figure("period_days", 61.0, "days", [], {"by": "month"})])
    told = analyse(CHANNEL, DocumentFacts("text/csv", "v", [], [own]))

    assert any("O documento só diz o mês" in limit for limit in told.limits)


@pytest.mark.parametrize(
    ("orders", "alike", "priority"), [((40, 100), 140.0, "high"), ((40, 100), 30.0, "normal"), ((4, 10), 14.0, None)]
)
def test_a_fall_counts_as_far_as_chance_leaves_it(orders: tuple[int, int], alike: float, priority: str | None) -> None:
    figure = growth(-0.6)
    figure.detail.update({"orders_now": orders[0], "orders_then": orders[1], "alike": alike})
    told = analysis(figure)

    assert [one.priority for one in told.opportunities] == ([] if priority is None else [priority])
    counted = f"{orders[0]} pedidos contra {orders[1]}"
    if priority is None:
        assert any(counted in limit and "São poucos dados" in limit for limit in told.limits)
    else:
        assert counted in told.opportunities[0].evidence[0].text
