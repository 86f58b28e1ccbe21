"""Columns and rows whose names are like another's, and which are told apart by what stands in them."""

from dataclasses import replace

import pytest

from gateway.intake.layouts import understand
from gateway.intake.layouts.bare import OTHER_NATURE
from gateway.intake.layouts.baskets import CARTS
from gateway.intake.layouts.matching import concepts
from tests.unit.gateway.intake.tables import cells, fields, raw, reading, sold


@pytest.mark.parametrize("header", ["total_items", "Total Items", "TotalItems", "Total de itens"])
def test_a_plural_of_items_counts_them(header: str) -> None:
    rows = "1;10;2;20,00\n2;11;1;35,50\n3;10;4;44,10"
    found = reading(f"order_id;shop_id;{header};order_amount\n{rows}")

    assert sold(found)["revenue"].to_list() == [20, 35.5, 44.1]
    assert sold(found)["units"].to_list() == [2, 1, 4]


def test_a_total_of_the_items_may_be_money() -> None:
    assert concepts("Total dos itens")["revenue"] > concepts("Total Items").get("revenue", 0)
    assert concepts("Total Items ($)").get("revenue", 0) > 0.9


@pytest.mark.parametrize("header", ["QTD_VENDA", "Quantidade de venda", "cantidad_venta"])
def test_a_name_that_counts_is_no_money_beside_another_that_counts(header: str) -> None:
    rows = "01/03/2026;Creme;18;1\n02/03/2026;Perfume;19;2\n03/03/2026;Creme;8;1"
    found = reading(f"DATA_VENDA;PRODUTO;{header};QTDE\n{rows}")

    assert found.lines is None
    assert "revenue" not in fields(found)


def test_a_value_of_a_quantity_is_money() -> None:
    assert concepts("Valor total quantidade")["revenue"] > 0.6


@pytest.mark.parametrize("header", ["valor_und", "Valor unitário", "Preço unit."])
def test_prices_of_units_without_any_sale_are_a_price_list(header: str) -> None:
    found = reading(f"item;tipo;{header}\nRevista;Semanal;15,00\nCamisa;M;50,00\nCamisa;G;52,00")

    assert (found.report.kind, found.lines) == ("prices", None)


@pytest.mark.parametrize("header", ["source_name", "source", "origem"])
def test_the_way_by_which_buyers_came_is_no_channel(header: str) -> None:
    rows = "1;01/03/2026;google;20,00\n2;02/03/2026;organic;30,00\n3;03/03/2026;tiktok;40,00"
    lines = sold(reading(f"order_id;created_at;{header};total_price\n{rows}", ["own_store"]))

    assert lines["channel"].to_list() == ["own_store"] * 3


@pytest.mark.parametrize("header", ["Origem", "Fonte", "Source", "Loja"])
@pytest.mark.parametrize(
    ("others", "told"),
    [
        (["Google"], ["shopee"] * 6 + [None]),
        (["E-mail", "Site"], ["shopee"] * 6 + [None, "own_store"]),
        (["Newsletter"] * 9, ["shopee"] * 6 + [None] * 9),
        (["google"] * 20 + ["TikTok"], ["shopee"] * 6 + [None] * 20 + ["tiktok_shop"]),
    ],
)
def test_marketplaces_beside_a_few_ways_to_the_shop_are_channels(
    header: str, others: list[str], told: list[str | None]
) -> None:
    cells = ["Shopee"] * 6 + others
    rows = "\n".join(f"{n};{1 + n % 28:02d}/03/2026;{cell};{20 + n},00" for n, cell in enumerate(cells))
    found = reading(f"Pedido;Data;{header};Valor total\n{rows}", ["shopee", "own_store"])

    assert sold(found)["channel"].to_list() == told
    assert any(
        f"{told.count(None)} linha(s) são de um canal que não conhecemos" in one for one in found.report.warnings
    )


@pytest.mark.parametrize("others", [["tiktok"] * 6, ["amazon"], ["site", "Loja virtual"]])
def test_mostly_ways_to_the_shop_are_no_channels(others: list[str]) -> None:
    ways = ["google"] * 10 + ["organic", "E-mail"]
    rows = "\n".join(f"{n};{1 + n % 28:02d}/03/2026;{cell};{20 + n},00" for n, cell in enumerate(ways + others))
    found = reading(f"Pedido;Data;Origem;Valor total\n{rows}", ["own_store"])

    assert set(sold(found)["channel"]) == {"own_store"}


def test_places_that_we_do_not_know_are_no_ways_to_the_shop() -> None:
    rows = "\n".join(f"{n};{1 + n:02d}/03/2026;{'Google' if n == 5 else 'Lazada'};20,00" for n in range(12))
    found = reading(f"Pedido;Data;Origem;Valor total\n{rows}\n12;02/03/2026;Shopee;10,00", ["shopee"])

    assert sold(found)["channel"].to_list() == [None] * 12 + ["shopee"]


def test_a_column_that_is_called_a_channel_for_sure_is_one() -> None:
    rows = "1;01/03/2026;google;20,00\n2;02/03/2026;TikTok Shop;30,00"
    lines = sold(reading(f"Pedido;Data;Canal de venda;Valor total\n{rows}", ["own_store", "tiktok_shop"]))

    assert lines["channel"].to_list() == [None, "tiktok_shop"]


def test_an_id_that_is_the_products_code_numbers_no_orders() -> None:
    rows = "100;100;2;5,00;10,00\n101;101;1;7,50;7,50\n102;102;3;2,00;6,00"
    header = "codigo;id;cantidad;precio unitario;total"
    apart = rows.replace(";100;", ";9001;").replace(";101;", ";9002;").replace(";102;", ";9003;")

    assert "order_id" not in fields(reading(f"{header}\n{rows}"))
    assert fields(reading(f"{header}\n{apart}"))["order_id"] == "id"


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("ID do carrinho;Data de criação;Tipo de abandono;Produto;SKU;Quantidade;Preço unitário", "Saiu no frete", ""),
        ("Id;Created at;Abandoned checkout url;Title;SKU;Quantity;Price", "x", ""),
        ("Id;Data;Etapa;Produto;SKU;Quantidade;Preço unitário", "Frete", "carrinhos-abandonados.csv"),
    ],
)
def test_baskets_that_nobody_paid_for_are_no_sales(header: str, row: str, name: str) -> None:
    rows = "\n".join(f"{number};0{number}/03/2026;{row};Camisa;CAM-{number};1;50,00" for number in (1, 2, 3))
    found = understand(replace(raw(cells(f"{header}\n{rows}")), filename=name), ["own_store"])

    assert (found.report.kind, found.lines) == ("performance", None)
    assert found.report.warnings[0] == CARTS


@pytest.mark.parametrize(("sale", "back"), [("venta", "devolucion"), ("Venda", "Devolução"), ("sale", "refund")])
def test_rows_that_are_described_as_returns_are_none_of_the_revenue(sale: str, back: str) -> None:
    rows = f"1;{sale};01/03/2026;197\n2;{sale} com desconto;02/03/2026;320\n3;{back};03/03/2026;97"
    lines = sold(reading(f"id_ingreso;descripcion;fecha;monto\n{rows}"))

    assert (lines["revenue"].sum(), lines["refund"].sum()) == (517, 97)


def test_a_product_that_is_called_a_return_stays_a_sale() -> None:
    rows = "1;Order of nuns, book;01/03/2026;1;20,00\n2;Returns;02/03/2026;2;60,00\n3;Sales, a guide;03/03/2026;1;9,00"
    lines = sold(reading(f"Pedido;Description;Data;Quantidade;Valor total\n{rows}"))

    assert lines["revenue"].to_list() == [20, 60, 9]


@pytest.mark.parametrize(
    ("header", "units"),
    [
        ("Tarih;Ürün Adı;Satış Adedi;Fiyat (₺);Gelir (₺)", 6),
        ("tarih;urun;miktar_kg;satis_fiyati;satis_tutari", 6),
        ("TARİH;ÜRÜN ADI;ADET;BİRİM FİYATI;TUTAR", 6),
    ],
)
def test_a_table_in_turkish(header: str, units: int) -> None:
    found = sold(reading(f"{header}\n2026-08-01;Gömlek;2;50;100\n2026-08-02;Pantolon;3;70;210\n2026-08-03;Çorap;1;9;9"))

    assert (found["revenue"].sum(), found["units"].sum()) == (319, units)


@pytest.mark.parametrize(
    ("name", "kind"), [("alislar.xlsx", "costs"), ("Alışlar 2026.xlsx", "costs"), ("satislar.xlsx", "sales")]
)
def test_purchases_in_turkish_are_no_sales(name: str, kind: str) -> None:
    rows = "A;30;20;2026-07-06\nB;30;21;2026-07-07\nA;50;20;2026-07-09"
    found = understand(replace(raw(cells(f"Malzeme;Miktar_kg;BirimFiyat;Tarih\n{rows}")), filename=name), ["own_store"])

    assert found.report.kind == kind


def test_an_id_beside_a_stock_is_the_products() -> None:
    found = reading("id;codigo_barras;nome;preco_venda;estoque\n1;7891;Alface;5,00;14\n2;7892;Tomate;8,00;9")

    assert (found.report.kind, found.lines) == ("stock", None)


@pytest.mark.parametrize("name", ["gastos.xlsx", "despesas 2026.csv", "giderler.xlsx"])
def test_a_file_of_expenses_is_none_of_sales(name: str) -> None:
    rows = "AC1;colación;02/01/2026;11,50\nAC2;locomoción;05/01/2026;10,20"
    found = understand(replace(raw(cells(f"id_gasto;descripcion;fecha;monto\n{rows}")), filename=name), ["own_store"])

    assert (found.report.kind, found.lines) == ("costs", None)


@pytest.mark.parametrize(
    ("kind", "came_in", "went_out"),
    [
        *(("Tip", "Gelir", "Gider"), ("Tipo", "Receita", "Despesa"), ("Tipo", "Venda", "Despesa")),
        *(("Tipo", "Vendas", "Gastos"), ("Type", "Sale", "Expense"), ("Tipo", "Venda", "Despesas com vendas")),
        *(("Tipo de operação", "Venda", "Troca"), ("Type", "Sale", "Exchange")),
    ],
)
def test_expenses_and_exchanges_among_what_came_in_are_not_counted(kind: str, came_in: str, went_out: str) -> None:
    rows = f"01/03/2026;{came_in};2;50;100\n02/03/2026;{went_out};1;900;900\n03/03/2026;{came_in};3;20;60"
    found = reading(f"Data;{kind};Quantidade;Valor unitário;Valor total\n{rows}")

    assert sold(found)["revenue"].to_list() == [100, 60]
    assert OTHER_NATURE.format(rows=1, column=kind) in found.report.warnings


@pytest.mark.parametrize("number", ["No Transaksi", "ID Struk", "Bill No."])
def test_a_receipts_number_is_an_orders(number: str) -> None:
    head = f"{number};Waktu Order;Produk;Total Penjualan (Rp)"
    rows = "CS/01/0001;13-06-2026 09:41:01;Kopi,Teh;58000\nCS/01/0002;13-06-2026 10:07:20;Kopi;35000"

    assert sold(reading(f"{head}\n{rows}\nCS/01/0003;13-06-2026 10:18:25;Teh;14000"))["order_id"].n_unique() == 3


CODES = "Data;Valor da Venda;Venda\n01/03/2026;10,00;A-1\n02/03/2026;20,00;A-2\n03/03/2026;30,00;A-3"


def test_words_number_no_orders_though_their_column_is_called_after_sales() -> None:
    ways = ["Online", "Loja física", "Telefone", "Online"]
    rows = "\n".join(f"0{n}/03/2026;{n}00,00;{way}" for n, way in enumerate(ways, 1))
    found = reading(f"Data da Venda;Valor da Venda;Canal de Venda\n{rows}")

    assert sold(found)["revenue"].sum() == 1000
    assert "order_id" not in fields(found)
    assert "order_id" in fields(reading(CODES))


def test_the_status_of_a_commission_is_no_commission() -> None:
    rows = "1;2026-03-01;100.00;10.00;1\n2;2026-03-02;50.00;5.00;2\n3;2026-03-03;80.00;8.00;1"
    found = reading(f"order_id;date;total_amount;commission;commission_status\n{rows}")

    assert sold(found)["fees"].sum() == 23


def test_what_the_whole_name_says_is_not_overruled_by_a_part_of_it() -> None:
    rows = "01/03/2026;10,50;Loja física;x\n02/03/2026;20,90;Telefone;y\n03/03/2026;5,10;Online;z"
    found = reading(f"Data da venda;Valor da venda;Canal de venda;Nota\n{rows}")

    assert sold(found)["revenue"].to_list() == [10.5, 20.9, 5.1]
    assert [column.field for column in found.report.columns] == ["at", "revenue", "", ""]


def test_a_key_or_a_code_beside_a_sku_is_no_title() -> None:
    rows = "1;P1;2;20,00;1_P1\n2;P2;1;15,50;2_P2\n3;P1;1;10,00;3_P1"
    found = reading(f"order_number;product_code;quantity;sales;order_product_key\n{rows}")

    assert "title" not in fields(found)
    assert sold(found)["sku"].to_list() == ["P1", "P2", "P1"]


@pytest.mark.parametrize("header", ["Previsão final", "Validade", "fecha_entrega_estimada", "Due", "Nascimento"])
def test_a_day_on_which_nothing_is_sold_is_not_the_sales_day(header: str) -> None:
    rows = "1;Mesa;10,50;2026-06-04\n2;Cama;20,90;2026-07-01\n3;Sofá;5,10;2026-08-01"

    assert sold(reading(f"Pedido;Produto;Valor total;{header}\n{rows}"))["at"].null_count() == 3


def test_prices_without_their_point_are_asked_about() -> None:
    rows = (
        "1;2026-03-01;A1;100000;6900000;141.00\n1;2026-03-01;A2;100000;7200000;141.00\n"
        "2;2026-03-02;A1;200000;6900000;138.00"
    )
    found = reading(f"numero_pedido;fecha_pedido;codigo_articulo;cantidad_pedida;precio_unitario;monto_neto\n{rows}")

    assert (found.lines, found.report.asks) == (None, True)


def test_of_invoices_those_that_came_in_are_no_sales() -> None:
    rows = "1;NF1;2026-03-01;1500.00;saida\n2;NF2;2026-03-02;800.00;entrada\n3;NF3;2026-03-03;2500.00;saida"
    found = reading(f"id;numero_nf;data_emissao;valor_total;tipo\n{rows}")

    assert sold(found)["revenue"].to_list() == [1500, 2500]
    assert OTHER_NATURE.format(rows=1, column="tipo") in found.report.warnings


def test_a_row_with_an_address_or_a_hidden_name_is_no_header() -> None:
    found = reading("author;comment\nb***o;Pedido chegou\nn*****o;Produto bom; total")

    assert [column.header for column in found.report.columns][:1] != ["n*****o"]
