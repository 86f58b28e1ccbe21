"""A fee that the buyer pays on top of the goods is no fee of the seller's; arithmetic or its name tells who pays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.buyers_fees import BY_NAME, IN_TOTAL, TAKEN_OUT, UNTOLD
from tests.unit.gateway.intake.tables import reading, sold

#: items, freight of the buyer, service, paid by the marketplace, commission
ORDERS = [
    (50.0, 9.9, 0.99, 0.0, 6.0),
    (80.0, 0.0, 1.16, 5.0, 9.6),
    (33.5, 7.0, 0.99, 0.0, 4.02),
    (120.0, 9.9, 1.16, 10.0, 14.4),
]


def table(header: str, rows: Sequence[tuple[float, ...]]) -> str:
    lines = [
        f"P-{number};0{number + 1}/03/2026;CONCLUIDO;" + ";".join(f"{cell:.2f}".replace(".", ",") for cell in row)
        for number, row in enumerate(rows)
    ]
    return "\n".join([f"ID DO PEDIDO;DATA;STATUS FINAL DO PEDIDO;{header}", *lines])


def figures(text: str, channels: list[str] | None = None) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text, channels)), None)
    return {one.metric: one.value for one in own.figures}


#: As iFood's portal writes it in 2026, and as it did before.
PORTAL = table(
    "VALOR DOS ITENS (R$);TOTAL PAGO PELO CLIENTE (R$);TAXA DE ENTREGA PAGA PELO CLIENTE (R$);INCENTIVO PROMOCIONAL DO "
    "IFOOD (R$);TAXA DE SERVIÇO (R$);TAXAS E COMISSOES (R$);VALOR LIQUIDO (R$)",
    [
        (items, items + freight + service - given, freight, given, service, -fee, items - fee)
        for items, freight, service, given, fee in ORDERS
    ],
)
EARLIER = table(
    "TAXA DE ENTREGA;VALOR DOS ITENS;INCENTIVO PROMOCIONAL DO IFOOD;TAXA DE SERVIÇO;TOTAL DO PEDIDO",
    [
        (freight, items, given, service, items + freight + service - given)
        for items, freight, service, given, _ in ORDERS
    ],
)


def test_a_service_fee_in_the_buyers_total_is_no_fee_of_the_seller() -> None:
    found = figures(PORTAL)

    assert found["revenue"] == pytest.approx(283.5)
    assert found["fees"] == pytest.approx(34.02)
    told = IN_TOTAL.format(column="TAXA DE SERVIÇO (R$)", total="TOTAL PAGO PELO CLIENTE (R$)")
    assert told in reading(PORTAL).report.warnings


def test_where_it_is_the_only_fee_there_are_none() -> None:
    found = figures(EARLIER)

    assert found["revenue"] == pytest.approx(283.5)
    assert "fees" not in found


def test_a_revenue_with_the_buyers_fee_in_it_is_without_it() -> None:
    text = table(
        "Quantidade;Preço unitário;Taxa de serviço;Total do pedido",
        [(2, items / 2, service, items + service) for items, _, service, _, _ in ORDERS],
    )
    found = reading(text)

    assert sold(found)["revenue"].sum() == pytest.approx(283.5)
    assert sold(found)["fees"].null_count() == len(ORDERS)
    assert TAKEN_OUT.format(column="Taxa de serviço", total="Total do pedido", amount="4,30") in found.report.warnings


def test_a_fee_that_what_is_left_is_without_is_the_sellers() -> None:
    text = table(
        "Total do pedido;Taxa de serviço;Valor líquido",
        [(items, service, items - service) for items, _, service, _, _ in ORDERS],
    )

    assert figures(text)["fees"] == pytest.approx(4.3)


def test_a_name_says_that_the_buyer_pays() -> None:
    text = table(
        "Valor total;Comissão;Taxa de serviço (paga pelo cliente)",
        [(items, fee, service) for items, _, service, _, fee in ORDERS],
    )

    assert figures(text)["fees"] == pytest.approx(34.02)
    told = reading(text).report.warnings
    assert (
        not any("Taxa de serviço" in one for one in told)
        or BY_NAME.format(column="Taxa de serviço (paga pelo cliente)") in told
    )


@pytest.mark.parametrize("name", ["Taxa de serviço", "Service fee", "Taxa de conveniência"])
def test_where_nothing_tells_it_the_fees_are_unknown(name: str) -> None:
    text = table(f"Valor total;Comissão;{name}", [(items, fee, service) for items, _, service, _, fee in ORDERS])

    assert "fees" not in figures(text)
    assert UNTOLD.format(column=name, amount="4,30") in reading(text).report.warnings


def test_the_name_can_say_that_the_seller_pays() -> None:
    text = table(
        "Valor total;Comissão;Taxa de serviço (paga pelo vendedor)",
        [(items, fee, service) for items, _, service, _, fee in ORDERS],
    )

    assert figures(text)["fees"] == pytest.approx(38.32)


def test_a_marketplace_takes_its_service_fee_of_the_seller() -> None:
    text = table(
        "Valor total;Comissão;Taxa de serviço", [(items, fee, service) for items, _, service, _, fee in ORDERS]
    )

    assert figures(text, ["shopee"])["fees"] == pytest.approx(38.32)


def test_columns_of_zeros_hide_no_total_and_the_shops_own_promotion_is_a_discount() -> None:
    names = (
        "TOTAL_DO_PEDIDO;VALOR_DOS_ITENS;TAXA_DE_ENTREGA;TAXA_DE_SERVIÇO;PROMOCAO_CUSTEADA_PELO_IFOOD;"
        "PROMOCAO_CUSTEADA_PELA_LOJA;VALOR_COMISSAO_IFOOD;COMISSAO_PELA_TRANSACAO_DO_PAGAMENTO;"
        "VALOR_TAXA_PLANO_DE_REPASSE_EM_1_SEMANA;BASE_DE_CALCULO;SOLICITACAO_DE_SERVICOS_DE_ENTREGA_IFOOD;"
        "DESCONTO_NA_SOLICITACAO_DE_ENTREGA_IFOOD"
    )
    rows = [
        (items + freight + service - given - 3, items, freight, service, -given, -3, -fee, -1, 0, items - 3, 0, 0)
        for items, freight, service, given, fee in ORDERS
    ]
    found = figures(table(names, rows))

    assert (found["revenue"], found["fees"]) == (283.5 - 12, 34.02 + 4)
