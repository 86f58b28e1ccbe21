"""Fees above the tariff and prices above a cliff, as the plan tells them."""

from typing import Any

import pytest

from schemas.facts import ChannelFacts, DocumentFacts, Figure
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import analyse
from streams.analysis.rules.view import DAYS_PER_MONTH

TABLE = {"valid_from": "2026-03-01", "source": "https://a.example/t", "exact": True}
APRIL = {"since": "2026-04-01", "until": "2026-05-30"}


def analysis(*figures: Figure, currency: str = "BRL") -> ChannelAnalysis:
    base = [Figure("revenue", 30_000.0, "BRL"), Figure("orders", 300.0, "count"), Figure("period_days", 150.0, "days")]
    own = ChannelFacts("shopee", ["2026-01-01", "2026-05-30"], currency, [*base, *figures])
    return analyse("shopee", DocumentFacts("text/csv", "v", [], [own]))


def over(value: float, orders: int = 12, **more: Any) -> Figure:
    by_sku = {"A": {"over": value, "fees": 240.0 + value, "expected": 240.0, "rows": orders}}
    counted = {"orders": orders, "judged_orders": 100, "charged": 240.0 + value, "expected": 240.0}
    return Figure("fee_over_tariff", value, "BRL", ["A"], counted | TABLE | APRIL | {"by_sku": by_sku} | more)


def test_fees_above_the_tariff_are_to_be_claimed() -> None:
    (found,) = analysis(over(60.0)).opportunities

    assert found.id == "shopee-fee-audit"
    assert found.title == "Conferir R$ 60,00 de tarifas acima da tabela"
    assert found.what.startswith(
        "Shopee cobrou R$ 60,00 acima da tabela em 12 de 100 pedidos conferidos (tabela desde 01/03/2026). "
        "Confira esses pedidos no extrato e conteste"
    )
    assert found.evidence[0].text == "Cobrado R$ 300,00, pela tabela R$ 240,00, em 12 de 100 pedidos conferidos"
    assert found.worth_brl == pytest.approx(60 / (60 / DAYS_PER_MONTH), abs=0.01)  # of the 60 days that were judged


def test_of_many_orders_a_program_is_asked_about_first() -> None:
    (found,) = analysis(over(60.0, orders=20)).opportunities

    assert "veja primeiro se um programa pago" in found.what


def test_of_few_days_there_is_no_worth_a_month() -> None:
    (found,) = analysis(over(60.0, until="2026-04-10")).opportunities

    assert found.worth_brl is None
    assert "Em 10 dias, isso soma até R$ 60,00." in found.what


def test_stragglers_do_not_stretch_the_days_that_were_judged() -> None:
    main = Figure("main_days", 30.0, "days", [], {"since": "2026-05-01", "until": "2026-05-30", "share": 0.98})
    (found,) = analysis(over(60.0), main).opportunities

    assert found.worth_brl == 60.0


def test_cents_are_no_finding_and_what_was_checked_is_told() -> None:
    found = analysis(over(0.0, orders=0))

    assert found.opportunities == []
    assert (
        "Tarifas conferidas pela tabela desde 01/03/2026 (fonte: https://a.example/t). Nenhuma cobrança acima dela em "
        "100 pedidos." in found.limits
    )


def test_what_sources_do_not_agree_on_is_told() -> None:
    limits = analysis(over(60.0, disputed_above=99.99, other_source="https://b.example", exact=False)).limits

    assert any("Acima de R$ 99,99 outra fonte diz outros valores (https://b.example)" in text for text in limits)
    assert any("só conta o que passa do máximo possível para o tipo de anúncio" in text for text in limits)
    assert not any("Nenhuma cobrança" in text for text in limits)


def test_a_lower_price_is_advised_with_what_it_leaves() -> None:
    by_sku = {"A": {"price": 84.9, "better": 79.99, "gain_unit": 2.98, "units": 40, "gain": 119.2}}
    figure = Figure("price_cliffs", 119.2, "BRL", ["A"], TABLE | APRIL | {"judged_orders": 57, "by_sku": by_sku})
    (found,) = analysis(figure).opportunities

    assert found.id == "shopee-price-cliffs"
    assert found.what.startswith("A vendido a R$ 79,99 deixa R$ 2,98 a mais por unidade que a R$ 84,90")
    assert found.worth_brl == pytest.approx(119.2 / (60 / DAYS_PER_MONTH), abs=0.01)
    assert found.evidence[0].value == 119.2
    assert "(tabela desde 01/03/2026; 57 pedidos conferidos)" in found.what


def share(value: float = 0.3) -> Figure:
    return Figure("fee_share", value, "ratio", [], {"low": value, "high": value, "cases": 300})


def judged(charged: float, table: float, **more: Any) -> Figure:
    return over(0.0, judged_revenue=1_000.0, judged_fees=charged, by_table=table, **more)


def test_without_a_tariff_high_fees_have_no_worth_and_the_audit_is_said_not_to_be_made() -> None:
    told = analysis(share())
    (found,) = told.opportunities

    assert (found.id, found.worth_brl, found.priority) == ("shopee-fees", None, "normal")
    assert "Não conhecemos uma tabela de tarifas que valha para estas vendas" in found.what
    assert found.evidence[0].text == "Tarifas sobre a receita: 30,0% (de 30,0% a 30,0%, 300 vendas)"
    assert any("As tarifas cobradas não foram conferidas" in text for text in told.limits)
    assert not any("não foram conferidas" in text for text in analysis(share(), over(0.0)).limits)


def test_fees_as_a_known_table_has_them_are_no_finding() -> None:
    assert analysis(share(), judged(301.0, 300.0)).opportunities == []
    (above,) = analysis(share(), judged(320.0, 300.0)).opportunities
    assert above.what.startswith(
        "De cada R$ 100,00 vendidos, R$ 30,00 ficam com o canal. A própria tabela do canal dá 30,0% a esses preços; "
        "foram cobrados 32,0%."
    )
    assert above.worth_brl is None


def test_a_table_that_depends_on_the_category_says_no_more_than_its_most() -> None:
    (found,) = analysis(share(), judged(250.0, 300.0, exact=False)).opportunities

    assert "A própria tabela do canal dá até 30,0% a esses preços; foram cobrados 25,0%." in found.what


def test_high_fees_are_worth_what_kits_had_saved() -> None:
    kits = {"saved": 120.0, "sales": 30, "by_sku": {"CAB": {"saved": 120.0}}}
    (found,) = analysis(share(), judged(300.0, 300.0, kits=kits)).opportunities

    assert found.worth_brl == pytest.approx(120 / (60 / DAYS_PER_MONTH), abs=0.01)
    assert (found.evidence[1].text, found.evidence[1].skus) == (
        "Em 30 vendas de duas unidades ou mais, um kit teria poupado R$ 120,00 de tarifa fixa", ["CAB"],
    )  # fmt: skip
