"""Numbers in the tables of rules and figures (docs/analysis.md) are those by which rules and reader judge."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.figures import rules as catalogue
from gateway.figures.catalogue import METRICS
from gateway.figures.worths import WORTHS
from gateway.intake.figures import exposure, idle, prices, products, stock
from gateway.intake.figures.totals import SLOW_SHIPPING_DAYS
from gateway.intake.stock_limits import StockLimits
from schemas.plan import FALLBACK_TASK_LIMIT
from schemas.product import MAX_REST, MAX_SOLD, MOST_PRODUCTS
from streams.analysis.proof import outcome, periods, promise
from streams.analysis.rules import across, ads, causes, costs, demand, orders, reputation, tariffs, upkeep, view
from streams.analysis.rules import products as product_rules
from streams.analysis.rules.analyst import RULES as RULE_SET
from tests.contract.docs_text import NUMBERS, text_of
from tests.support.doc_tables import names, rows

DAYS = StockLimits()
ENOUGH = f"({view.MIN_ORDERS} orders at least)"


def percent(share: float) -> str:
    return f"{100 * share:g} %"


#: rule -> what its row says, of when it speaks and of what it is worth.
RULES = {
    "losing-orders": (f"surely one in a hundred of the orders without a refund loses, {NUMBERS[orders.MIN_LOSING]}",),
    "low-stock": (f"less than {DAYS.low} days",),
    "returns": (f"is {percent(product_rules.HIGH_RETURN_RATE)} or more", percent(product_rules.NORMAL_RETURN_RATE)),
    "return-causes": (f"has {NUMBERS[causes.MIN_ROWS]} returned rows or more",),
    "reputation": (f"from {percent(reputation.NEAR)} of the channel's limit on",),
    "fee-audit": (f"R$ {tariffs.MIN_OVER:g} or more",),
    "fees": (f"from {percent(costs.HIGH_FEE_SHARE)} {ENOUGH}",),
    "shipping": (
        f"from {percent(costs.HIGH_SHIPPING_SHARE)} {ENOUGH}",
        f"above {percent(costs.TARGET_SHIPPING_SHARE)}",
    ),
    "cancellations": (
        f"from {percent(costs.HIGH_CANCELLATION_RATE)} {ENOUGH}",
        f"above {percent(costs.TARGET_CANCELLATION_RATE)}",
    ),
    "discounts": (
        f"from {percent(costs.HIGH_DISCOUNT_DEPTH)} {ENOUGH}",
        f"above {percent(costs.TARGET_DISCOUNT_DEPTH)}",
    ),
    "unpaid": (f"from {percent(costs.HIGH_UNPAID_SHARE)} {ENOUGH}",),
    "price-gap": (f"{percent(across.HIGH_PRICE_GAP)} or more below",),
    "price-gap-elsewhere": (f"{percent(across.HIGH_PRICE_GAP)} or more cheaper",),
    "ads-without-sales": (f"paid for {NUMBERS[int(ads.SALES_PAID_FOR)]} sales or more",),
    "advertising": (f"{percent(demand.HIGH_ADVERTISING_SHARE)} of revenue or more from advertising {ENOUGH}",),
    "try-advertising": (f"less than {percent(demand.LOW_ADVERTISING_SHARE)} from advertising {ENOUGH}",),
    "slow-dispatch": (f"{percent(upkeep.HIGH_SLOW_SHARE)} of sales or more dispatched late {ENOUGH}",),
    "concentration": (f"{percent(demand.HIGH_CONCENTRATION)} of revenue or more from a tenth",),
    "missing-skus": (f"{percent(upkeep.HIGH_MISSING_SKU_SHARE)} of the rows or more",),
    "slow-stock": (f"more than {DAYS.high} days",),
    "idle-stock": (f"{idle.MIN_IDLE_DAYS} at least",),
}
UNITS = f"at least {products.MIN_UNITS:g} units"
RETURNED = f"{UNITS} and {products.MIN_RETURNED_UNITS:g} returned"
LOSE = f"(at least {products.MIN_UNITS_FOR_LOSS:g} units)"
EACH = f"at least {prices.MIN_UNITS:g} units on each, in one currency; from {percent(prices.MIN_GAP)} on"
#: metric -> what its formula says.
FIGURES = {
    "product_return_rate": RETURNED,
    "return_room": RETURNED,
    "bearable_acos": UNITS,
    "product_discount_depth": UNITS,
    "product_losses": LOSE,
    "below_break_even": LOSE,
    "concentration_top10": f"from {products.MIN_PRODUCTS_FOR_CONCENTRATION} products on",
    "slow_shipping_share": f"after more than {SLOW_SHIPPING_DAYS:g} days",
    "recent_late_dispatch": f"after more than {SLOW_SHIPPING_DAYS:g} days",
    "price_gap": EACH,
    "price_gap_elsewhere": EACH,
    "low_stock": f"at least {stock.MIN_UNITS:g} units sold, below {DAYS.low} days",
    "slow_stock": f"beyond {DAYS.high} days",
    "idle_stock": f"in {idle.MIN_IDLE_DAYS} days or more",
    "low_click_rate": f"shown {exposure.MIN_IMPRESSIONS:g} times or more",
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_speaks_from_where_the_table_says(rule: str) -> None:
    table = rows("analysis.md", "rule", "when", "worth")
    [told] = [f"{when} | {worth}" for name, when, worth in table if names(name) == [rule]]
    assert [phrase for phrase in RULES[rule] if phrase not in told] == []


@pytest.mark.parametrize("metric", FIGURES)
def test_a_figure_counts_from_where_the_table_says(metric: str) -> None:
    table = rows("analysis.md", "metric", "unit", "formula", "needs")
    [told] = [formula for name, _, formula, _ in table if names(name) == [metric]]
    assert FIGURES[metric] in told


def test_what_is_compared_and_proven_is_as_told() -> None:
    told = text_of("docs/analysis.md")
    assert f"Documents list at most {MOST_PRODUCTS} products, and up to {MAX_REST:,} more are kept" in told
    assert f"or more than {MOST_PRODUCTS + MAX_REST:,} products" in told
    assert f"{MAX_SOLD} SKUs of a channel are stored" in told
    assert f"differs in length by at most {100 * (periods.LIKE - 1):.0f} %" in told
    assert f"it changed by more than {percent(outcome.MATERIAL)} of its value" in told
    assert f"fewer than {promise.MIN_BASE:g} units or orders" in told
    assert f"Phase 1 takes the first {NUMBERS[FALLBACK_TASK_LIMIT]} steps" in told
    assert f"if it has a task; up to {NUMBERS[FALLBACK_TASK_LIMIT]} opportunities" in told


def asked_of_the_rules() -> dict[str, str]:
    """Return the source of the rules, by the names of the opportunities that it makes."""
    folder = Path(view.__file__).parent
    found = {}
    for file in sorted(folder.glob("*.py")):
        source = file.read_text("utf-8")
        found.update(dict.fromkeys(re.findall(r"found\(\s*view,\s*\"([a-z-]+)\"", source), source))
    return found


def test_the_page_of_rules_says_what_the_table_says() -> None:
    table = {names(name)[0]: (when, worth) for name, when, worth in rows("analysis.md", "rule", "when", "worth")}
    assert list(catalogue.RULES) == list(table)
    assert {name: rule.when for name, rule in catalogue.RULES.items()} == {n: when for n, (when, _) in table.items()}
    assert set(WORTHS) == {name for name, (_, worth) in table.items() if not worth.startswith("none")}


def test_the_page_of_rules_has_every_rule_and_the_figures_that_it_asks_for() -> None:
    source = asked_of_the_rules()
    assert catalogue.RULES.keys() == source.keys()
    assert len(source) == len(RULE_SET) + 1, "much and little advertising are one function"
    strangers = [
        (name, metric)
        for name, rule in catalogue.RULES.items()
        for metric in rule.metrics
        if metric not in METRICS or not METRICS[metric].needs or f'"{metric}"' not in source[name]
    ]
    assert strangers == []
