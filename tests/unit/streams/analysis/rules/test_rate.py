"""How sure a rate is: Wilson's interval, the findings that it filters, and what is told of those that it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import ChannelFacts, DocumentFacts, Figure
from streams.analysis.rules import analyse
from streams.analysis.rules.rate import poisson, rate_of, wilson

BASE = [Figure("revenue", 30_000.0, "BRL"), Figure("orders", 212.0, "count"), Figure("period_days", 90.0, "days")]


def shares(metric: str, successes: float, trials: float) -> Figure:
    detail = {"successes": successes, "trials": trials}
    return Figure(metric, round(successes / trials, 4), "ratio", detail=detail)


def found(*figures: Figure) -> tuple[list[str], list[str], list[str]]:
    own = ChannelFacts("shopee", ["2026-01-01", "2026-03-31"], "BRL", [*BASE, *figures])
    analysis = analyse("shopee", DocumentFacts("text/csv", "v", [], [own]))
    ids = [one.id.removeprefix("shopee-") for one in analysis.opportunities]
    return ids, [e.text for one in analysis.opportunities for e in one.evidence], analysis.limits


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(17, 212, 0.0507, 0.1247), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)  # fmt: skip
def test_wilson(successes: float, trials: float, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.69), (1, 0.03, 5.57), (10, 4.80, 18.39), (100, 81.36, 121.63)],  # the exact ends
)
def test_poisson(count: float, low: float, high: float) -> None:
    assert poisson(count) == pytest.approx((low, high), abs=0.06)


@given(st.integers(1, 10**6), st.data())
def test_the_interval_holds_the_rate_and_narrows_with_more_trials(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    low, high = wilson(successes, trials)
    lower, higher = wilson(successes * 4, trials * 4)

    assert 0 <= low <= successes / trials + 1e-9
    assert successes / trials - 1e-9 <= high <= 1
    assert higher - lower < high - low


def test_a_rate_of_unknown_trials_is_taken_as_it_stands() -> None:
    rate = rate_of(0.1, {})

    assert (rate.low, rate.high, rate.told("pedidos")) == (0.1, 0.1, "10,0%")


def test_evidence_tells_the_interval_and_the_trials() -> None:
    ids, texts, limits = found(shares("cancellation_rate", 17, 212))

    assert ids == ["cancellations"]
    assert texts == ["Pedidos cancelados: 8,0% (de 5,1% a 12,5%, 212 pedidos)"]
    assert not any("poucos dados" in text for text in limits)


@pytest.mark.parametrize(
    ("metric", "few", "many", "rule", "limit"),
    [
        ("cancellation_rate", (4, 50), (40, 500), "cancellations", "Cancelamentos: 8,0% (de 3,2% a 18,8%, 50 pedidos)"),
        ("unpaid_share", (5, 50), (50, 450), "unpaid", "Pedidos não pagos: 10,0% (de 4,3% a 21,4%, 50 pedidos)."),
        ("slow_shipping_share", (9, 50), (180, 1000), "slow-dispatch", "Postagem depois de 2 dias: 18,0% (de"),
        ("missing_sku_share", (3, 30), (30, 300), "missing-skus", "Vendas sem SKU: 10,0% (de 3,5% a 25,6%, 30"),
    ],
)  # fmt: skip
def test_a_rate_of_few_cases_is_a_limit_and_no_finding(
    metric: str, few: tuple[int, int], many: tuple[int, int], rule: str, limit: str
) -> None:
    dispatch = Figure("dispatch_days", 1.5, "days")
    ids, _, limits = found(shares(metric, *few), dispatch)
    assert ids == []
    assert any(text.startswith(limit) for text in limits)
    assert any("poucos dados para afirmar" in text for text in limits)

    ids, _, limits = found(shares(metric, *many), dispatch)
    assert ids == [rule]
    assert not any("poucos dados" in text for text in limits)


def test_little_advertising_in_few_sales_may_be_more() -> None:
    ids, _, limits = found(shares("advertising_share", 1, 40))
    assert ids == []
    told = (
        "Receita por publicidade: 2,5% (de 0,4% a 12,9%, 40 vendas). São poucos dados para afirmar que é menos de 5%."
    )
    assert told in limits


def returned(sku: str, back: float, units: float) -> tuple[str, dict[str, float]]:
    return sku, {"return_rate": back / units, "returned_units": back, "units": units, "unit_price": 60.0}


def test_a_product_with_few_units_is_named_as_unsure() -> None:
    by_sku = dict([returned("SURE", 40, 100), returned("FEW", 5, 40)])
    figure = Figure("product_return_rate", 0.4, "ratio", list(by_sku), {"by_sku": by_sku})
    ids, texts, limits = found(figure, shares("return_rate", 40, 1000))

    assert ids == ["returns"]
    assert texts[0] == "SURE: 40 devolvidas, 40,0% (de 30,9% a 49,8%, 100 unidades)"
    assert texts[1] == "Taxa de devolução do canal: 4,0% (de 3,0% a 5,4%, 1.000 unidades)"
    assert len(texts) == 2
    told = "Devoluções de FEW: 12,5% (de 5,5% a 26,1%, 40 unidades). São poucos dados para afirmar que passam de 8,0%."
    assert told in limits


def test_clicks_by_chance_are_no_finding() -> None:
    """Six of 500 where ten would be half of the usual: so few come by chance, too."""
    usual = Figure("click_rate", 0.04, "ratio")
    by_sku = {"A": {"click_rate": 0.012, "impressions": 500.0, "clicks": 6.0}}
    few = Figure("low_click_rate", 0.012, "ratio", ["A"], {"by_sku": by_sku})
    assert found(few, usual)[0] == []

    by_sku["A"] = {"click_rate": 0.012, "impressions": 5000.0, "clicks": 60.0}
    assert found(few, usual)[0] == ["little-clicked"]
