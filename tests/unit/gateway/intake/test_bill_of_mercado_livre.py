"""Mercado Livre's bill: each charge repeats the sale that it is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.facts import DocumentFacts
from tests.unit.gateway.intake.test_payouts import facts

_HEADER = (
    "N° de factura fiscal;Fecha del cargo;Número del cargo;Detalle;Valor del cargo;Número de venta;Fecha de venta;"
    "Cliente;Cantidad vendida;Precio unitario;Total de la venta;Envío a cargo del cliente;Número de publicación;"
    "Título de publicación"
)
_SPANISH = """
9;05/11/2025;1;Cargo por venta;1500;2001;04/11/2025;Zuleica;2;5000;10000;;MLC11;Lámpara
9;05/11/2025;2;Cargo por envíos de Mercado Libre;3000;2001;04/11/2025;Zuleica;2;5000;10000;1000;MLC11;Lámpara
9;06/11/2025;3;Cargo por venta;900;2002;05/11/2025;Teobaldo;1;6000;6000;;MLC12;Mesa
9;06/11/2025;4;Cargo por venta;600;2003;05/11/2025;Teobaldo;1;4000;4000;;MLC12;Mesa
9;09/11/2025;5;Anulación del cargo por venta;-600;2003;05/11/2025;Teobaldo;1;4000;4000;;MLC12;Mesa
9;09/11/2025;6;Cargo por campaña de publicidad - Product Ads;700;;;;;;;;;
9;09/11/2025;7;Anulación del cargo por venta;-450;1990;30/10/2025;Zuleica;1;3000;3000;;MLC11;Lámpara"""


def figures(found: DocumentFacts) -> dict[str, float]:
    (channel,) = found.channels
    return {one.metric: one.value for one in channel.figures}


def test_a_sale_counts_once_whatever_was_charged_for_it(tmp_path: Path) -> None:
    found = facts(tmp_path, _HEADER + _SPANISH, ";")
    told = " ".join(found.tables[0].warnings)
    got = figures(found)

    assert (found.tables[0].layout, found.channels[0].currency) == ("mercado_livre.charges", "CLP")
    assert (got["revenue"], got["orders"], got["units"], got["fees"], got["shipping_cost"]) == (16000, 2, 3, 2400, 2000)
    assert not {"cancelled_orders", "cancellation_rate", "return_rate", "refunds", "net_receipts"} & got.keys()
    assert "1 venda(s) tiveram a tarifa de venda estornada" in told
    assert "(4.000,00)" in told
    assert "Cargo por campaña de publicidad - Produc: 700,00" in told
    assert "Anulación del cargo por venta: -450,00" in told


def test_the_bill_of_brazil_has_other_names(tmp_path: Path) -> None:
    text = """Número da tarifa;Detalhe;Tarifa estornada;Valor da tarifa;Número de venda;Data de venda;\
Quantidade vendida;Valor da transação;Número do anúncio
1;Tarifa de venda;;12,00;3001;02/10/2025;1;80,00;MLB5
2;Tarifa de venda;;9,00;3002;03/10/2025;1;60,00;MLB5
3;Estorno da tarifa de venda;2;4,00;3002;03/10/2025;1;60,00;MLB5"""
    found = facts(tmp_path, text, ";")
    got = figures(found)

    assert found.channels[0].currency == "BRL"
    assert (got["revenue"], got["orders"], got["units"]) == (140, 2, 2)
    assert got["fees"] == pytest.approx(17)
    assert "shipping_cost" not in got


def test_charges_of_an_order_of_two_products_count_once(tmp_path: Path) -> None:
    text = """Número da tarifa;Detalhe;Valor da tarifa;Número da venda;Data da venda;Quantidade vendida;\
Valor da transação;Número do anúncio
1;Tarifa de venda;10,00;3001;02/10/2025;1;80,00;MLB5
2;Tarifa de venda;5,00;3001;02/10/2025;2;40,00;MLA6
3;Tarifa do Mercado Envios;20,00;3001;02/10/2025;1;80,00;MLB5"""
    found = facts(tmp_path, text, ";")
    got = figures(found)

    assert (got["revenue"], got["orders"], got["units"]) == (120, 1, 3)
    assert (got["fees"], got["shipping_cost"]) == (15, 20)


def test_each_product_has_its_own_fee_and_its_part_of_what_the_order_was_charged(tmp_path: Path) -> None:
    """All of it at the first product would have made the small one of this order a loss."""
    text = """Número da tarifa;Detalhe;Valor da tarifa;Número da venda;Data da venda;Quantidade vendida;\
Valor da transação;Número do anúncio
1;Tarifa de venda;4,00;3001;02/10/2025;1;20,00;MLB5
2;Tarifa de venda;30,00;3001;02/10/2025;1;180,00;MLB6
3;Tarifa do Mercado Envios;20,00;3001;02/10/2025;1;20,00;MLB5
4;Custo de parcelamento;10,00;3001;02/10/2025;;200,00;
5;Tarifa de venda;8,00;3002;02/10/2025;1;50,00;MLB5"""
    (channel,) = facts(tmp_path, text, ";").channels

    told = {one.sku: (one.revenue, one.fees, one.shipping) for one in channel.products}
    assert told == {"MLB5": (70, 13, 2), "MLB6": (180, 39, 18)}


def test_one_product_of_an_order_may_have_its_charge_back(tmp_path: Path) -> None:
    text = """Número da tarifa;Detalhe;Valor da tarifa;Número da venda;Data da venda;Quantidade vendida;\
Valor da transação;Número do anúncio
1;Tarifa de venda;4,00;3001;02/10/2025;1;20,00;MLB5
2;Tarifa de venda;30,00;3001;02/10/2025;1;180,00;MLB6
3;Estorno da tarifa de venda;4,00;3001;02/10/2025;1;20,00;MLB5"""
    found = facts(tmp_path, text, ";")
    (told,) = (one for one in found.tables[0].warnings if "estornada" in one)

    assert {name: figures(found)[name] for name in ("revenue", "orders", "units", "fees")} == {
        "revenue": 180,
        "orders": 1,
        "units": 1,
        "fees": 30,
    }
    assert "1 venda(s)" in told
    assert "(20,00)" in told


_PORTUGUESE = (
    "Número da tarifa;Detalhe;Valor da tarifa;Número da venda;Data da venda;Quantidade vendida;Valor da transação;"
    "Número do anúncio\n2;Tarifa de venda;9,00;3002;03/10/2025;1;60,00;MLB5\n"
    "3;Tarifa de venda;8,00;3003;03/10/2025;1;70,00;MLB5\n"
)


@pytest.mark.parametrize(("charge", "total"), [("", "80,00"), ("12,00", ""), ("12,00", "n/d")])
def test_a_sale_of_which_an_amount_is_unknown_is_left_out_and_told(tmp_path: Path, charge: str, total: str) -> None:
    """It would be a sale of 0.00, or one whose charge seems to have been given back."""
    more = f"1;Tarifa de venda;{charge};3001;02/10/2025;1;{total};MLB5\n4;Tarifa do Mercado Envios;5,00;3001;;;80,00;\n"
    found = facts(tmp_path, _PORTUGUESE + more, ";")
    got, told = figures(found), " ".join(found.tables[0].warnings)

    assert (got["revenue"], got["orders"], got["fees"]) == (130, 2, 17)
    assert "shipping_cost" not in got
    assert "1 lançamento(s) não têm um valor que se leia: ficaram de fora, com tudo de seus 1 pedido(s)" in told
    assert "estornada" not in told


def test_a_sale_without_a_charge_to_it_was_not_given_back(tmp_path: Path) -> None:
    found = facts(tmp_path, f"{_PORTUGUESE}1;Tarifa de venda;0,00;3001;02/10/2025;1;80,00;MLB5", ";")
    got = figures(found)

    assert (got["revenue"], got["orders"], got["fees"]) == (210, 3, 17)
    assert "estornada" not in " ".join(found.tables[0].warnings)
