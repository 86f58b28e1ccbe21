"""What a shop pays to its salespeople is no channel's fee, and what comes back unsold from a consignee is no return."""

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.flagged_returns import UNSOLD
from gateway.intake.layouts.salespeople import OF_SALESPEOPLE
from tests.unit.gateway.intake.tables import reading, sold

PEOPLE = ("Fernanda", "Rogério", "Sílvia")


def commissions(person: str, names: tuple[str, ...], commission: str = "Valor da comissão") -> str:
    rows = [f"{names[n % len(names)]};{n + 1:02d}/10/2026;{4000 + n};{100 + n},00;3,00" for n in range(9)]
    return "\n".join([f"{person};Data;Pedido;Valor da venda;{commission}", *rows])


def figures(text: str, channels: list[str] | None = None) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text, channels)), None)
    return {one.metric: one.value for one in own.figures}


@pytest.mark.parametrize("person", ["Vendedor", "Vendedora", "Representante", "Sales rep"])
def test_the_commission_of_salespeople_is_no_fee_of_the_channel(person: str) -> None:
    text = commissions(person, PEOPLE)
    told = OF_SALESPEOPLE.format(column="Valor da comissão", amount="27,00", person=person)

    assert figures(text)["revenue"] == 936
    assert "fees" not in figures(text)
    assert told in reading(text).report.warnings


@pytest.mark.parametrize(
    ("person", "names", "commission"),
    [("Vendedor", ("Loja Exemplo",), "Comissão"), ("Seller", PEOPLE, "Comissão"),
     ("Vendedor", PEOPLE, "Comissão do marketplace"), ("ID do vendedor", PEOPLE, "Comissão")],
)  # fmt: skip
def test_a_commission_beside_the_shop_or_of_a_marketplace_is_a_fee(
    person: str, names: tuple[str, ...], commission: str
) -> None:
    assert figures(commissions(person, names, commission))["fees"] == 27


def test_a_marketplace_takes_its_commission_whoever_sold() -> None:
    assert figures(commissions("Vendedor", PEOPLE), ["shopee"])["fees"] == 27


def test_what_a_consignee_sends_back_unsold_is_no_return() -> None:
    rows = [f"CAM-{n};Camisa {n};{10 + n};{4 + n};6;50,00;{(4 + n) * 50},00" for n in range(6)]
    text = "\n".join(["Código;Produto;Qtd enviada;Qtd vendida;Qtd devolvida;Preço;Total vendido", *rows])

    assert figures(text)["units"] == 39
    assert "returned_units" not in figures(text)
    assert UNSOLD.format(column="Qtd devolvida", sent="Qtd enviada") in reading(text).report.warnings


def test_returns_beside_another_count_stay_returns() -> None:
    rows = [f"CAM-{n};Camisa {n};{3 + n};{4 + n};1;50,00;{(4 + n) * 50},00" for n in range(6)]
    text = "\n".join(["Código;Produto;Caixas;Qtd vendida;Qtd devolvida;Preço;Total vendido", *rows])

    assert figures(text)["returned_units"] == 6
