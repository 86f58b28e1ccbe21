"""What stopped on all channels, and which days amounts a month are of."""

from schemas.facts import Figure
from streams.analysis.rules.view import DAYS_PER_MONTH
from tests.unit.streams.analysis.rules.test_rules import analysis, growth, losses, near, only, silent


def everywhere(sku: str = "CXS") -> Figure:
    by_sku = {sku: {"silent_days": 20, "daily_revenue": 100.0, "channels": ["mercado_livre", "shopee"]}}
    return Figure("stopped_everywhere", 20.0, "days", [sku], {"by_sku": by_sku})


def test_what_stopped_on_all_channels_is_no_fault_of_one() -> None:
    found = only(everywhere(), silent(), growth(-0.3, fall_of="CXS"))

    assert (found.id, found.priority) == ("shopee-stopped-everywhere", "high")
    assert found.worth_brl == near(100 * DAYS_PER_MONTH)
    assert found.title == "Repor CXS: parou em todos os canais"
    assert "ao mesmo tempo em Mercado Livre e Shopee" in found.what
    assert "há 20 dias ou mais" in found.evidence[0].text


def test_a_fall_beside_a_stock_out_is_found_where_the_rest_surely_fell() -> None:
    """Of R$ 1,000 one product that stopped had 200: the others fell from 800 to 600, or to 790."""

    def fell(rest: float) -> list[str]:
        figure = growth(rest / 1_000 - 1)
        figure.skus.append("CXS")
        figure.detail["by_sku"]["CXS"] = {"now": 0.0, "then": 200.0, "fall": 200.0}
        figure.detail["alike"] = 600.0
        return [one.id for one in analysis(figure, silent()).opportunities]

    assert fell(600.0) == ["shopee-stock-out", "shopee-falling-sales"]
    assert fell(790.0) == ["shopee-stock-out"]


def test_the_worth_a_month_is_of_the_days_that_the_document_is_about() -> None:
    """Of 90 days, 30 have 95 % of it: R$ 570 of the R$ 600 are of about one month, not of three."""
    detail = {"since": "2026-03-02", "until": "2026-03-31", "share": 0.95}
    main = Figure("main_days", DAYS_PER_MONTH, "days", [], detail)
    found = analysis(losses(600.0), main)

    assert found.opportunities[0].worth_brl == near(570)
    assert (
        "O documento vai por 91 dias, mas 95,0% da receita está entre 02/03/2026 e 31/03/2026: "
        "os valores por mês são desses 30 dias." in found.limits
    )


def test_days_with_nearly_all_sales_that_are_no_month_give_no_worth_a_month() -> None:
    detail = {"since": "2026-03-22", "until": "2026-03-31", "share": 0.95}
    found = analysis(losses(600.0), Figure("main_days", 10.0, "days", [], detail))

    assert found.opportunities[0].worth_brl is None
    assert "Nos 10 dias com quase todas as vendas, isso soma até R$ 570,00." in found.opportunities[0].what
    assert any("não há valores por mês; os valores são desses 10 dias" in limit for limit in found.limits)
