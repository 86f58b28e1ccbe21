"""Orders that lose without a refund: told where they are no exception, with what they lose and whom they are of."""

from __future__ import annotations

import pytest

from schemas.facts import Figure
from streams.analysis.proof.measure import Reading, losing
from streams.analysis.proof.metrics import METRICS
from streams.analysis.rules.view import View
from tests.unit.streams.analysis.proof.samples import FEBRUARY, facts
from tests.unit.streams.analysis.rules.test_rules import analysis, ids, near, only

PARTS = {"revenue": 1000.0, "fees": 100.0, "shipping": 900.0, "cost": 300.0}


def figure(
    orders: int = 20, of: int = 300, parts: dict[str, float] | None = None, at_least: list[str] | None = None
) -> Figure:
    by_sku = {"TEN": {"lines": float(orders), "contribution": -300.0}}
    detail = {"orders": orders, "successes": orders, "trials": of, "parts": parts or PARTS, "by_sku": by_sku}
    detail |= {} if at_least is None else {"at_least": at_least}
    return Figure("losing_unrefunded", 300.0, "BRL", ["TEN"], detail)


def test_orders_that_lose_are_worth_what_they_lose_a_month() -> None:
    found = only(figure())

    assert (found.id, found.worth_brl) == ("shopee-losing-orders", near(100.0))
    assert "R$ 1.000,00 de receita contra R$ 100,00 de tarifas, R$ 900,00 de frete e R$ 300,00 de custo" in found.what
    assert "O que mais tira deles é o frete." in found.what, "nobody knows what it takes of the others"
    assert [(one.metric, one.skus) for one in found.evidence] == [("losing_unrefunded", ["TEN"])] * 2
    assert "6,7% (de 4,4% a 10,1%, 300 pedidos)" in found.evidence[0].text
    assert "perde R$ 300,00 em 20 linhas" in found.evidence[1].text


@pytest.mark.parametrize(
    ("parts", "cause"),
    [
        ({"revenue": 100.0, "fees": 90.0, "cost": 20.0}, "a tarifa"),
        ({"revenue": 100.0, "fees": 10.0, "cost": 110.0, "taxes": 5.0}, "o custo dos produtos"),
    ],
)
def test_the_cause_is_what_takes_more_of_them_than_of_others(parts: dict[str, float], cause: str) -> None:
    """Of orders whose goods cost what those of others do, the goods are not the reason."""
    usual = [Figure("cost", 9000.0, "BRL"), Figure("fee_share", 0.1, "ratio")]
    assert f"O que mais pesa neles, perto dos outros, é {cause}." in only(figure(parts=parts), *usual).what


def test_a_part_is_no_cause_because_nobody_knows_what_it_takes_of_others() -> None:
    """Of all orders the costs are not known: the fees take more, and beside others nothing is said."""
    parts = {"revenue": 100.0, "fees": 60.0, "cost": 55.0}

    what = only(figure(parts=parts), Figure("fee_share", 0.1, "ratio")).what

    assert "O que mais tira deles é a tarifa." in what
    assert "perto dos outros" not in what


def test_a_part_that_some_rows_do_not_tell_is_told_as_the_least_that_it_is() -> None:
    """The costs of some products are not known: they may weigh more than what is known of them."""
    usual = [Figure("cost", 9000.0, "BRL"), Figure("fee_share", 0.1, "ratio")]
    parts = {"revenue": 100.0, "fees": 90.0, "cost": 20.0}

    what = only(figure(parts=parts, at_least=["cost"]), *usual).what

    assert "R$ 100,00 de receita contra R$ 90,00 de tarifas e ao menos R$ 20,00 de custo" in what
    assert "Do que se sabe, o que mais tira deles é a tarifa." in what


@pytest.mark.parametrize(("orders", "of"), [(4, 20), (5, 400)])
def test_few_of_them_are_told_and_no_finding(orders: int, of: int) -> None:
    """Four, whatever their share; five of 400, of which chance may have made more than one in a hundred."""
    few = figure(orders, of)
    assert ids(few) == []
    assert any("perdem sem devolução" in text for text in analysis(few).limits)


def test_an_exception_is_not_spoken_of() -> None:
    assert not any("perdem sem" in text for text in analysis(figure(3, 400)).limits)


def test_the_next_document_tells_what_became_of_it() -> None:
    def told(*more: Figure, **figures: float) -> object:
        own = facts(FEBRUARY, figures=figures, revenue=9000.0)
        own.figures.extend(more)
        return losing(View(own), [])

    before = told(figure())
    assert isinstance(before, Reading)
    assert (before.value, before.unit, before.base) == (20 / 300, "ratio", 300.0)
    assert before.lever == near(300.0 * 300 / 20)
    assert told(orders=250.0, net_receipts=5000.0) == Reading(0.0, "ratio", 250.0)
    assert told(orders=250.0) == "figure", "nobody knows what is left"
    assert told(net_receipts=250.0) == "figure"
    assert METRICS["losing_unrefunded"].sign == -1.0
    short = facts(["2026-01-01", "2026-01-10"], revenue=9.0)
    short.figures.append(figure())
    found = losing(View(short), [])
    assert isinstance(found, Reading)
    assert found.lever is None
