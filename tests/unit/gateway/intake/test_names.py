"""Names of columns in their normal form, and what they mean."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.fields import LABELS
from gateway.intake.layouts import matching
from gateway.intake.layouts.content import fit, profiles
from gateway.intake.layouts.dictionary import STRONG, WEAKER
from gateway.intake.layouts.matching import concepts, is_known
from gateway.intake.layouts.names import currency_in, is_plural, words
from tests.unit.gateway.intake.tables import raw


@pytest.mark.parametrize(
    "same",
    [
        [
            "Valor Total (R$)",
            "valor_total",
            "valorTotal",
            "VALOR TOTAL",
            "Vlr. Total",
            "valor-total_brl",
            "Valor  total",
        ],
        ["Código do Produto", "cod_produto", "Cód. Produto", "codigoProduto", "CODIGO PRODUTOS"],
        ["Quantidade", "Qtd.", "QTDE", "qtd (un)", "Quantidades"],
        ["Mã đơn hàng", "maDonHang", "MÃ ĐƠN HÀNG", "mãĐơnHàng"],
        ["Devoluções", "devolução", "DEVOLUCAO"],
        ["N.F.", "NF", "n.f."],
        ["Número da N.F.", "Nº NF", "N.º N.F."],
        ["Frete pago pelo vendedor", "Frete pago pelo lojista", "frete_pago_pelo_seller"],
    ],
)
def test_one_name_in_many_writings(same: list[str]) -> None:
    assert {words(name) for name in same} == {words(same[0])}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("valor_total_venda", "revenue"),
        ("Biaya Pengiriman Ditanggung Penjual (IDR)", "shipping"),
        ("costoEnvioVendedor", "shipping"),
        ("Gastos de envío vendedor", "shipping"),
        ("shipping_paid_by_seller_usd", "shipping"),
        ("Freight Out", "shipping"),
        ("FRETE_EMPRESA", "shipping"),
        ("ongkir_seller", "shipping"),
        ("Ongkos Kirim Penjual", "shipping"),
        ("phiVanChuyenShop", "shipping"),
        ("phi_ship", "shipping"),
        ("Phí vận chuyển (đ)", "shipping"),
        ("Phí cố định (đồng)", "fees"),
        ("Số lượng (cái)", "units"),
        ("Comissão iFood", "fees"),
        ("Total factura", "revenue"),
        ("Venta Neta", "revenue"),
        ("Base imponible", "revenue"),
        ("Taxa TikTok", "fees"),
        ("Taxa da Loja Integrada", "fees"),
        ("Payhip Fee", "fees"),
        ("PayPal fee", "fees"),
        ("Taxa PagSeguro", "fees"),
        ("Comissão AliExpress", "fees"),
        ("ID_Produto", "sku"),
        ("preco_unitario", "price"),
        ("Código Produto", "sku"),
        ("Valor Final", "revenue"),
        ("GROSS AMT", "revenue"),
        ("PCS", "units"),
        ("RATE", "price"),
        ("Total Sales", "revenue"),
        ("SKU Code", "sku"),
        ("Net Amount", "revenue"),
        ("Order ID", "order_id"),
        ("ORDERDATE", "at"),
        ("QUANTITYORDERED", "units"),
        ("Pedidos", "_count"),
        ("Cliente", "_person"),
        ("Nome do comprador", "_person"),
        ("recipient-name", "_person"),
        ("CUSTOMERNAME", "_person"),
        ("Preço de custo", "_cost"),
        ("Comissão (%)", "_share"),
        ("Data de entrega", "_delivery"),
        ("Qtd Estoque", "_stock"),
        ("Custo de frete", "shipping"),
        ("Frete pago pelo lojista", "shipping"),
        ("SKU do lojista", "sku"),
        ("qtd_dev", "returned_units"),
        ("Qtde. devol.", "returned_units"),
        ("Itens comprados", "units"),
        ("Items purchased", "units"),
    ],
)
def test_what_a_name_means(header: str, field: str) -> None:
    found = concepts(header)

    assert max(found, key=lambda name: found[name]) == field


def test_no_name_of_a_dictionary_stands_twice_for_one_meaning() -> None:
    """Names are read in their order, the better before: a second place would be of no use, or move those behind it."""
    listed = Counter(
        (place, concept, " ".join(name.split()))
        for place, (names, _) in enumerate(matching._NAMES)
        for concept, text in names.items()
        for name in text.split(",")
    )

    assert len(listed) > 2_000
    assert [name for name, count in listed.items() if count > 1] == []


@pytest.mark.parametrize("header", ["Nº productos", "Nº Documentos", "Num. itens"])
def test_how_many_there_are_numbers_none_of_them(header: str) -> None:
    assert not {"order_id", "sku", "title"} & concepts(header).keys()


@pytest.mark.parametrize("header", ["Nº pedido", "Número do documento", "Num. Pedido Americanas"])
def test_a_number_of_one_order_is_its_name(header: str) -> None:
    assert concepts(header)["order_id"] >= 0.6


@pytest.mark.parametrize("header", ["Zuleica Brantes", "Sorocaba", "xpto", "18", ""])
def test_other_words_mean_nothing(header: str) -> None:
    assert (concepts(header), is_known(header)) == ({}, False)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Valor (R$)", "BRL"),
        ("Total [USD]", "USD"),
        ("price_brl", "BRL"),
        ("Receita BRL", "BRL"),
        ("Doanh thu (VND)", "VND"),
        ("Total R$", "BRL"),
        ("Total US$", "USD"),
        ("Valor €", "EUR"),
        ("Valor/BRL", "BRL"),
        ("Giá (VNĐ)", "VND"),
        ("Đơn giá (đồng)", "VND"),
        ("Giá VNĐ", "VND"),
        ("Harga (Rp)", "IDR"),
        ("Total Rp", "IDR"),
        ("Omzet (IDR)", "IDR"),
        ("Doanh thu (nghìn đồng)", "VND"),
        ("Omzet juta rupiah", "IDR"),
        ("Receita em mil reais", "BRL"),
        ("Vendas (reais)", "BRL"),
        ("Vendas (real)", None),
        ("Ventas (miles de pesos)", None),
        ("Valor", None),
        ("Total SKU", None),
        ("PCS", None),
        ("Total try", None),
    ],
)
def test_the_currency_in_a_name(header: str, code: str | None) -> None:
    assert currency_in(header) == code


def test_plurals_are_seen_before_they_are_taken_away() -> None:
    assert [is_plural(name) for name in ("Pedidos", "Pedido", "Orders", "Status", "")] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_every_field_has_names_labels_and_a_content() -> None:
    (profile,) = profiles(raw([["1"], ["2"]]).frame)

    assert set(STRONG) == set(LABELS) >= set(WEAKER)
    assert all(0 <= fit(field, profile) <= 1 for field in LABELS)


@given(st.text(st.characters(max_codepoint=0x7F, exclude_characters="%", exclude_categories=["Lu", "Ll"]), max_size=20))
def test_a_cell_without_a_letter_is_looked_up_nowhere_and_names_nothing(cell: str) -> None:
    """It is left alone before anything is looked up: the result is that of looking."""
    assert concepts(cell) == matching._concepts(cell) == {}


@pytest.mark.parametrize("name", ["%", "价格", "№", "Preço", "a"])
def test_a_letter_of_any_script_and_a_sign_of_a_share_are_looked_up(name: str) -> None:
    assert concepts(name) == matching._concepts(name)


def test_a_share_alone_is_named_by_its_sign() -> None:
    assert concepts("%") == {"_share": 1.0}


@pytest.mark.parametrize(
    "name", ["dias_pedido_faturamento", "Qtd. de dias venda", "Days to ship order", "Horas até a venda"]
)
def test_a_name_that_counts_days_is_no_amount(name: str) -> None:
    assert not {"revenue", "price", "units", "fees"} & concepts(name).keys()


@pytest.mark.parametrize("name", ["Faturamento do dia", "Vendas 30 dias", "Dia do faturamento"])
def test_a_day_in_a_name_of_amounts_leaves_it_one(name: str) -> None:
    assert "revenue" in concepts(name)
