"""Rules about costs and stock: when they speak, whom they name, and what the plan says of what is not known."""

from dataclasses import replace

import pytest

from schemas.facts import Figure
from streams.analysis.rules import analyse
from tests.unit.streams.analysis.rules.test_rules import analysis, document, ids, near, only

SOLD_BELOW = Figure(
    "below_break_even",
    300.0,
    "BRL",
    ["CAM"],
    {
        "products": 1,
        "by_sku": {
            "CAM": {
                "contribution": -300.0,
                "revenue": 4000.0,
                "net": 3000.0,
                "units": 100.0,
                "unit_price": 40.0,
                "unit_cost": 33.0,
                "break_even": 44.2,
                "bearable": 0.0,
                "return_rate": 0.02,
            }
        },
    },
)


def room(bearable: float) -> Figure:
    of = {"return_rate": 0.2, "bearable": bearable, "room": bearable - 0.2, "returned_units": 10.0, "units": 50.0}
    return Figure("return_room", bearable - 0.2, "ratio", ["VES"], {"by_sku": {"VES": of}})


def stock(metric: str, value: float, unit: str, limit: int, **of: float) -> Figure:
    detail = {"limit": limit, "products": 1, "counted_on": "2026-03-31", "by_sku": {"TEN": of}}
    return Figure(metric, value, unit, ["TEN"], detail)


LOW = stock("low_stock", 6.0, "days", 15, stock=12.0, per_day=2.0, stock_days=6.0, units=180.0)
SLOW = stock(
    "slow_stock",
    5000.0,
    "BRL",
    180,
    stock=1000.0,
    per_day=1.0,
    stock_days=1000.0,
    spare=820.0,
    tied=5000.0,
    unit_cost=6.1,
)


def test_what_is_sold_below_break_even_is_worth_what_it_loses() -> None:
    found = only(SOLD_BELOW)

    assert (found.id, found.worth_brl) == ("shopee-below-break-even", near(100.0))
    assert "R$ 44,20" in found.what
    assert "R$ 40,00" in found.what
    assert found.evidence[0].skus == ["CAM"]
    assert found.evidence[0].value == 300.0


def test_one_refund_of_few_units_does_not_put_a_product_below_its_cost() -> None:
    product = SOLD_BELOW.detail["by_sku"]["CAM"] | {
        "contribution": -30.0,
        "revenue": 160.0,
        "units": 4.0,
        "refund": 40.0,
    }
    few = Figure("below_break_even", 30.0, "BRL", ["CAM"], {"products": 1, "by_sku": {"CAM": product}})
    told = analysis(few)

    assert told.opportunities == []
    assert any("R$ 30,00 em 4 unidades, por reembolsos. São poucos dados" in limit for limit in told.limits)
    product["refund"] = 20.0
    assert only(few).id.endswith("below-break-even")


def test_a_product_that_no_price_pays_is_told_as_such() -> None:
    detail = SOLD_BELOW.detail["by_sku"]["CAM"]
    without = {name: value for name, value in detail.items() if name != "break_even"}
    found = only(Figure("below_break_even", 300.0, "BRL", ["CAM"], {"products": 1, "by_sku": {"CAM": without}}))

    assert "não se paga em preço nenhum" in found.what


def test_what_a_product_bears_is_told_where_it_came_back() -> None:
    product = SOLD_BELOW.detail["by_sku"]["CAM"]

    def what(**other: float) -> str:
        by_sku = {"CAM": product | other}
        return only(Figure("below_break_even", 300.0, "BRL", ["CAM"], {"products": 1, "by_sku": by_sku})).what

    assert "mesmo sem devoluções (teve 2,0%)" in what()
    assert "suporta até 1,5% de devolução, e teve 2,0%" in what(bearable=0.015)
    assert "devolução" not in what(return_rate=0.0)


def test_the_plan_names_the_version_of_what_was_kept() -> None:
    facts = replace(document(), goods="abc", goods_version=17)

    assert "na versão 17" in " ".join(analyse("shopee", facts).limits)
    assert "na versão" not in " ".join(analyse("shopee", replace(facts, goods="")).limits)


def test_returns_that_chance_allows_to_be_too_many_are_found() -> None:
    assert ids(room(0.25)) == ["return-room"]  # 10 of 50: up to 33 %
    assert ids(room(0.40)) == []


def test_stock_that_ends_soon_is_urgent_but_not_what_has_stopped_selling() -> None:
    found = only(LOW)
    silent = Figure(
        "days_without_sales", 20.0, "days", ["TEN"], {"by_sku": {"TEN": {"silent_days": 20.0, "daily_revenue": 5.0}}}
    )

    assert (found.id, found.priority, found.worth_brl) == ("shopee-low-stock", "high", None)
    assert "menos de 15 dias" in found.what
    assert ids(LOW, silent) == ["stock-out"]


def paced(figure: Figure, units: float, **of: float) -> Figure:
    product = figure.detail["by_sku"]["TEN"] | {"paced_units": units} | of
    return replace(figure, detail=figure.detail | {"by_sku": {"TEN": product}})


def test_stock_that_few_sales_may_have_shortened_is_not_urgent() -> None:
    few = only(paced(LOW, 10.0, stock=4.0, per_day=1 / 3, stock_days=12.0))
    many = only(paced(LOW, 1000.0, stock=4.0, per_day=1 / 3, stock_days=12.0))

    assert (few.priority, many.priority) == ("normal", "high")
    assert few.evidence[0].text.endswith("0,3 por dia: dura 12 dias (de 7 a 25, 10 unidades vendidas)")
    assert few.what.endswith("As vendas são poucas para afirmar que dura menos de 15 dias.")
    assert "poucas" not in many.what


def test_stock_of_which_one_unit_was_sold_may_last_a_while() -> None:
    one = only(paced(SLOW, 1.0, stock_days=450.0))
    many = only(paced(SLOW, 100.0, stock_days=450.0))

    assert (one.priority, many.priority) == ("low", "normal")
    assert "duram 450 dias (de 81 " in one.evidence[0].text
    assert one.what.endswith("As vendas são poucas para afirmar que dura mais de 180 dias.")
    assert "(de 370 a 553, 100 unidades vendidas)" in many.evidence[0].text
    assert "poucas" not in many.what


def test_money_in_slow_stock_is_told_and_is_no_worth_a_month() -> None:
    found = only(SLOW)

    assert (found.id, found.worth_brl) == ("shopee-slow-stock", None)
    assert "R$ 5.000,00" in found.what


@pytest.mark.parametrize(
    ("days", "costed", "priority", "told"),
    [
        (90, 2, "normal", "R$ 240,00 parados pelo custo."),
        (31, 1, "low", "R$ 240,00 parados pelo custo nos 1 de 2 produtos com custo conhecido."),
        (31, 0, "low", "60 unidades ao todo, de custo desconhecido."),
    ],
)
def test_stock_without_a_sale_is_told_with_what_is_known_of_its_cost(
    days: int, costed: int, priority: str, told: str
) -> None:
    by_sku = {"X": {"stock": 50.0}, "Y": {"stock": 10.0}}
    detail = {
        "days": days,
        "products": 2,
        "units": 60.0,
        "counted_on": "2026-03-31",
        "costed": costed,
        "by_sku": by_sku,
    }
    if costed:
        by_sku["X"] |= {"unit_cost": 4.8, "tied": 240.0}
        detail["tied"] = 240.0
    found = only(Figure("idle_stock", 2.0, "count", ["X", "Y"], detail | {"titles": {"X": "Prato"}}))

    assert (found.id, found.priority, found.worth_brl) == ("shopee-idle-stock", priority, None)
    assert told in found.what
    first = f"X (Prato): parado: 50 unidades, nenhuma venda nos {days} dias do documento"
    assert found.evidence[0].text.startswith(first)
    assert found.evidence[1].text.endswith("; custo desconhecido")


def test_the_plan_says_for_which_part_costs_are_known() -> None:
    part = Figure("cost_coverage", 0.83, "ratio")
    limits = " ".join(analysis(part, Figure("covered_cost", 1.0, "BRL")).limits)
    assert "O custo é conhecido para 83,0% da receita" in limits
    assert "custo de compra dos produtos não é conhecido" in " ".join(analysis().limits)
    every = [Figure("cost_coverage", 1.0, "ratio"), Figure("cost", 1.0, "BRL", detail={"later_rows": 4})]
    told = analysis(
        *every, Figure("contribution", 90.0, "BRL", detail={"tax_share": 0.0}), Figure("margin", 0.09, "ratio")
    )
    assert "antes de impostos" in " ".join(told.limits)
    assert "4 linha(s) são de antes" in " ".join(told.limits)
    assert "sobram R$ 90,00 (9,0% da receita)" in told.summary


def test_the_summary_tells_the_known_part_as_a_part() -> None:
    told = analysis(Figure("cost_coverage", 0.5, "ratio"), Figure("covered_contribution", 90.0, "BRL"))

    assert "Nos 50,0% da receita com custo conhecido sobram R$ 90,00" in told.summary


def test_taxes_that_are_known_in_part_are_told() -> None:
    every = [Figure("cost_coverage", 1.0, "ratio"), Figure("cost", 1.0, "BRL")]

    assert "impostos só de 40,0%" in " ".join(
        analysis(*every, Figure("contribution", 90.0, "BRL", detail={"tax_share": 0.4})).limits
    )
    assert "imposto" not in " ".join(
        analysis(*every, Figure("contribution", 90.0, "BRL", detail={"tax_share": 1.0})).limits
    )
