"""Names that are put together of known parts: abbreviations, a fee of a marketplace, freight of the seller."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.composed import SURENESS
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.maybe_rates import MAY_BE_RATE
from tests.unit.gateway.intake.tables import fields, reading, sold


def listed(names: str) -> list[str]:
    return [name.strip() for name in names.split("|")]


FEES = listed(
    "VLR_COMISSAO_MKTPLACE | taxa_mktplace | VLR_TAXA_MKP | comissao_mkp | Comissão Mktplace | Tarifa ML | Taxa "
    "Shopee | Custo do marketplace | channel_commission | platform_service_fee | mkt_fee | Comisión Mercado Libre "
    "| Cargo del marketplace | Comisión plataforma | Costo por venta plataforma | Comissão paga ao marketplace | "
    "Taxa marketplace fixa | Phí sàn TMĐT | Phí thanh toán | Phí dịch vụ | Hoa hồng sàn | Chi phí sàn | Biaya "
    "layanan platform | Biaya administrasi platform | Komisi platform | Potongan admin | TAXA_ADM | Seller Fee "
)
SELLERS_FREIGHT = listed(
    "VL_FRETE_VENDEDOR | custo_frete_loja | shipping_cost_seller_paid | Costo de envío a cargo del vendedor | "
    "frete_pago_vendedor | CUSTO_FRETE_SELLER | Frete por conta da loja | VLR_FRT_LOJISTA | seller freight | "
    "merchant shipping cost | Envío pagado por el vendedor | Costo envío tienda | Flete a cargo del vendedor | "
    "Ongkir ditanggung penjual | Ongkos kirim dibayar penjual | Biaya kirim ditanggung toko | "
    "Phí vận chuyển người bán chịu | Phí ship người bán trả | Phí vận chuyển shop trả"
)
BUYERS_FREIGHT = listed(
    "VLR_FRETE_CLIENTE | frete_pago_comprador | buyer_shipping_fee | Costo de envío pagado por el comprador | "
    "Envío cobrado al cliente | Ongkir dibayar pembeli | Phí vận chuyển người mua trả | Phí ship khách trả"
)
#: Totals, rates, states, days, what is left, what was taken back, taxes, advertising and discounts.
NEITHER = listed(
    "total com frete | valor_com_frete | total_sem_frete | Total com frete vendedor | % comissão | perc_comissao | "
    "taxa_comissao_pct | commission_rate | Comissão marketplace % | Taxa de aprovação canal | tasa de comisión | "
    "tỷ lệ phí | persentase komisi | status_comissao | cod_comissao | valor_base_comissao | liquido_sem_comissao | "
    "Estorno tarifa ML | Reembolso comissão marketplace | Platform fee VAT | GST on marketplace fee | "
    "Biaya iklan platform | Tarifa de publicidade marketplace | Custo marketing plataforma | desconto_plataforma | "
    "Platform Discount | Custo Shopee | frete_receita_vendedor | Frete reverso vendedor | Seller shipping rating | "
    "frete grátis loja | shipping_store | Frete cobrado pela loja | Phí sản phẩm | Phí giao hàng | comissao_vendedor | "
    "desconto_frete_vendedor | Reembolso frete vendedor | Envío vendedor"
)


@pytest.mark.parametrize(
    ("field", "header"),
    [
        *(("fees", header) for header in FEES),
        *(("shipping", header) for header in SELLERS_FREIGHT),
        *(("_buyers_freight", header) for header in BUYERS_FREIGHT),
        ("order_id", "Mã ĐH"), ("order_id", "NR_PEDIDO"), ("order_id", "Kode pesanan"), ("_delivery", "Mã vận đơn"),
        ("title", "DESC_PROD"), ("title", "Descripción"), ("title", "Tên SP"), ("title", "Deskripsi produk"),
        ("units", "Jml"), ("units", "SL bán"), ("units", "QTD_VEND"), ("at", "DTA_VENDA"), ("at", "Fec. Venta"),
        ("at", "DATA_PGTO"), ("at", "Ngày tạo"), ("revenue", "Tổng cộng"), ("revenue", "TOT_VDA"),
        ("discount", "Chiết khấu"), ("discount", "Potongan harga"), ("discount", "Descuento aplicado"),
        ("_payment", "FORMA_PGTO"), ("_paid", "STATUS_PGTO"),
    ],
)  # fmt: skip
def test_parts_and_abbreviations_make_a_name(field: str, header: str) -> None:
    found = concepts(header)

    assert max(found, key=lambda name: found[name]) == field
    assert found[field] >= SURENESS


@pytest.mark.parametrize("header", NEITHER)
def test_a_total_a_rate_and_what_is_taken_back_are_no_costs(header: str) -> None:
    found = concepts(header)

    assert max(found.get(name, 0.0) for name in ("fees", "shipping")) < SURENESS


@pytest.mark.parametrize(
    "header", ["Customer Shipping Address", "Dirección de envío del cliente", "Customer shipping", "Envío cliente"]
)
def test_where_a_buyer_lives_is_no_freight(header: str) -> None:
    assert "_buyers_freight" not in concepts(header)


def test_a_whole_name_is_believed_before_one_of_parts() -> None:
    rows = ["1;01/03/2026;Copo;2;200,00;20,00;18,00;7,00;9,00", "2;02/03/2026;Prato;1;90,00;9,00;8,10;7,00;0,00"]
    header = "Pedido;Data;Produto;Qtd;Valor total;Comissão;Base comissão canal;Custo de frete;Frete conta da loja"
    found = fields(reading("\n".join([header, *rows])))

    assert (found["fees"], found["shipping"]) == ("Comissão", "Custo de frete")


VIETNAM = """
Mã ĐH;Ngày;Tên hàng;SL;Đơn giá;Thành tiền;Phí cố định;Phí dịch vụ;Phí thanh toán;Chi phí hàng;Phí ship người bán trả
DH01;01/03/2026;Cốc;1;100000;100000;4000;6000;5000;50000;0
DH02;02/03/2026;Bát;2;50000;100000;4100;6000;5100;60000;12000
DH03;03/03/2026;Cốc;3;100000;300000;12000;18000;15000;150000;9000
"""


def test_all_fees_of_a_vietnamese_sheet_are_added_up_and_freight_is_not_among_them() -> None:
    found = reading(VIETNAM, ["shopee"])

    assert sold(found)["fees"].to_list() == [15000, 15200, 45000]
    assert sold(found)["shipping"].to_list() == [0, 12000, 9000]
    assert not [one for one in found.report.warnings if "o nome não diz quem paga" in one]


def test_an_indonesian_deduction_is_the_discount_and_with_the_channel_a_fee() -> None:
    found = reading("""
No Order;Tanggal;Nama Barang;Qty;Harga;Potongan;Total;Biaya Admin;Potongan marketplace;Biaya iklan
T1;01/08/2026;Gelas;1;49900;4990;44910;5390;1100;900
T2;02/08/2026;Piring;2;64950;0;129900;15590;1200;800
T3;03/08/2026;Gelas;3;49900;9980;139720;16770;1300;700
""")

    assert sold(found)["revenue"].to_list() == [44910, 129900, 139720]
    assert sold(found)["discount"].to_list() == [4990, 0, 9980]
    assert sold(found)["fees"].to_list() == [6490, 16790, 18070]


def fee_of(header: str, fees: list[str], *, paid: bool = False) -> tuple[list[float | None], list[str]]:
    amounts = [40, 90, 120, 60, 250, 75, 310, 45, 130]
    rows = [
        f"{n};0{n}/03/2026;Copo;1;{amount},00;{fee}{f';{amount - float(fee):.2f}'.replace('.', ',') if paid else ''}"
        for n, (amount, fee) in enumerate(zip(amounts, fees, strict=True), 1)
    ]
    found = reading("\n".join([f"Pedido;Data;Produto;Qtd;Valor total;{header}{';Repasse' if paid else ''}", *rows]))
    return sold(found)["fees"].to_list(), found.report.warnings


RATES = ["16", "16", "14", "16", "16", "16", "14", "16", "16"]


@pytest.mark.parametrize("header", ["TX_MKP", "Taxa marketplace", "Comissão", "Commission"])
def test_a_few_whole_numbers_beside_all_kinds_of_sales_may_be_rates(header: str) -> None:
    fees, told = fee_of(header, RATES)

    assert fees == [None] * 9
    assert MAY_BE_RATE.format(column=header, values="14; 16") in told


@pytest.mark.parametrize(
    ("header", "fees", "paid"),
    [
        ("Comissão (R$)", RATES, False),
        ("Valor da comissão", RATES, False),
        ("Taxa marketplace fixa", RATES, False),
        ("Comissão", [f"{rate},00" for rate in RATES], False),
        ("Comissão", ["16", "12", "20", "9", "30", "11", "42", "7", "18"], False),
        ("Comissão", ["60", "90", "60", "60", "60", "90", "60", "60", "60"], False),
        ("Comissão", ["6.5", *RATES[1:]], False),
        ("Comissão", RATES, True),
    ],
)
def test_amounts_that_are_said_written_or_shown_to_be_some_are_fees(header: str, fees: list[str], paid: bool) -> None:
    found, told = fee_of(header, fees, paid=paid)

    assert None not in found
    assert not [one for one in told if one.startswith("As tarifas são desconhecidas")]


def test_rates_of_few_sales_or_of_one_price_are_not_asked_about() -> None:
    few = "\n".join(
        ["Pedido;Data;Produto;Qtd;Valor total;Comissão", *(f"{n};0{n}/03/2026;A;1;{n}0,00;2" for n in (4, 9))]
    )
    same = "\n".join(
        ["Pedido;Data;Produto;Qtd;Valor total;Comissão", *(f"{n};0{n}/03/2026;A;1;5{n},00;8" for n in range(1, 10))]
    )

    assert sold(reading(few))["fees"].to_list() == [2, 2]
    assert sold(reading(same))["fees"].sum() == 72
