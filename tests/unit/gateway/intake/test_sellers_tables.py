"""Tables of sellers' own (`sellers_tables.py`): read, or reported with their columns."""

import pytest

from gateway.intake.layouts.bare import FREIGHT
from gateway.intake.layouts.buyers_freight import IN_TOTAL, TAKEN_OUT
from gateway.intake.layouts.day_or_month import DAY_OR_MONTH, SPANS
from tests.unit.gateway.intake.sellers_tables import READ
from tests.unit.gateway.intake.tables import fields, reading, sold


@pytest.mark.parametrize("name", READ)
def test_a_sellers_table_is_read(name: str) -> None:
    text, revenue, units = READ[name]
    found = reading(text)
    lines = sold(found)

    assert found.report.kind == "sales"
    assert lines["revenue"].sum() == pytest.approx(revenue)
    assert lines["units"].sum() == units
    assert not any(person in str((lines.rows(), found.report)) for person in ("Zuleica", "ZULEICA", "Teobaldo"))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Data;Produto;Qtd;Valor\n01/03/2026;Camisa;2;50,00\n02/03/2026;Meia;1;30,00", "Valor"),  # a price or a total?
        ("Data;Descrição;Valor\n01/03/2026;Aluguel;1.500,00\n02/03/2026;Energia;350,00", "Descrição"),  # expenses?
        ("Produto;Jan;Fev;Total\nCamisa;1;2;3\nCalça;5;6;11", "Total"),  # pieces or money?
        ("Produto;Qtd;Valor\nA;2;50,00\nA;1;90,00\nA;4;70,00\nB;3;20,00\nB;1;45,00", "Valor"),  # neither stays the same
        ("SKU;Título;Preço;Quantidade;Marca\nA;Camisa;50,00;10;X\nB;Calça;80,00;5;Y", "Preço"),  # sales or a catalogue?
        ("quando;o que;quantos;quanto\n12/03/2026;Camisa;2;100,00", "quando"),
        ("xpto;abc;foo;bar\nA-1;2;50,00;100,00\nA-2;1;80,00;80,00\nA-3;3;20,00;60,00", "coluna 1"),
        ("order_id;product_id;seller_id;price;freight_value\n1;a;x;10.00;2.00\n2;b;x;20.00;2.00", "price"),
    ],
)
def test_what_is_not_sure_is_shown_and_not_guessed(text: str, column: str) -> None:
    found = reading(text)

    assert (found.report.layout, found.report.kind, found.lines) == ("unknown", "unknown", None)
    assert column in [shown.header for shown in found.report.columns]
    assert found.report.header_id


def test_freight_in_the_total_is_the_buyers_and_no_cost() -> None:
    header = "Pedido;Produto;Qtd;Preço unitário;Frete;Total"
    inside = reading(f"{header}\n1;Camisa;2;50,00;10,00;110,00\n2;Calça;1;80,00;12,00;92,00")
    apart = reading(f"{header}\n1;Camisa;2;50,00;10,00;100,00\n2;Calça;1;80,00;12,00;80,00")

    nota = reading(
        "NF;Produto;Valor dos produtos;Valor do frete;Valor total da nota\n1;A;100,00;10,00;110,00\n2;B;9,00;1,00;10,00"
    )

    assert sold(nota)["shipping"].to_list() == [None, None]
    assert sold(inside)["shipping"].to_list() == [None, None]
    assert inside.report.warnings == [TAKEN_OUT.format(column="Frete", total="Total", amount="22,00")]
    assert nota.report.warnings == [IN_TOTAL.format(column="Valor do frete")]
    assert sold(apart)["shipping"].to_list() == [10, 12]


def test_an_orders_costs_are_counted_once() -> None:
    lines = sold(reading(READ["Bling"][0]))

    assert lines["discount"].sum() == pytest.approx(5)
    assert lines["shipping"].null_count() == 3  # the order's total contains it: the buyer paid it


def test_an_orders_freight_that_no_total_contains_is_counted_once() -> None:
    lines = sold(reading(READ["Bling"][0].replace("175,00", "160,00")))

    assert lines["shipping"].sum() == pytest.approx(20)


@pytest.mark.parametrize(("column", "field"), [("Comissão (%)", "fees"), ("Discount", "discount")])
def test_a_rate_is_no_amount(column: str, field: str) -> None:
    found = reading(f"Order ID;Product Name;Quantity;Sales;{column}\n1;A;1;100.00;0.16\n2;B;2;50.00;0.20")

    assert sold(found)[field].to_list() == [None, None]


@pytest.mark.parametrize("months", [("3", "4"), ("março", "abril"), ("MAR", "ABR")])
def test_a_date_in_three_columns(months: tuple[str, str]) -> None:
    march, april = months
    header = "ANO;MÊS;DIA;PRODUTO;QUANTIDADE;FATURAMENTO"
    lines = sold(reading(f"{header}\n2026;{march};12;A;1;10,00\n2026;{april};1;B;2;20,00"))

    assert [str(day) for day in lines["at"].dt.date()] == ["2026-03-12", "2026-04-01"]


@pytest.mark.parametrize(
    ("header", "cell", "currency"),
    [
        ("Valor total (R$)", "10,00", "BRL"),
        ("valor_total_usd", "10.00", "USD"),
        ("Total Sales [EUR]", "10.00", "EUR"),
        ("Valor total", "US$ 10.00", "USD"),
        ("Valor total", "10,00", None),
    ],
)
def test_the_currency_is_the_one_that_header_or_cells_name(header: str, cell: str, currency: str | None) -> None:
    assert sold(reading(f"Pedido;SKU;{header}\n1;A;{cell}"))["currency"].to_list() == [currency]


def test_titles_columns_or_the_sheet_name_the_channel() -> None:
    titled = reading("Relatório de pedidos Magalu\nPedido;Data;SKU;Valor total\nM-1;12/03/2026;A;100,00", ["shein"])
    column = reading("Pedido;Data;SKU;Valor total;Repasse Americanas\n1;12/03/2026;A;100,00;80,00", ["shein"])
    sheet = reading("Pedido;Data;SKU;Valor total\n1;12/03/2026;A;100,00", ["shein"], where="planilha “Shopee jan”")
    two = reading("Comparação Amazon e Shopee\nPedido;SKU;Valor total;Taxa Amazon;Taxa Shopee\n1;A;9,00;1;1", ["shein"])

    assert (titled.report.layout, sold(titled)["channel"][0]) == ("magalu.orders", "magalu")
    assert (column.report.layout, sold(column)["channel"][0]) == ("americanas.orders", "americanas")
    assert (sheet.report.layout, sold(sheet)["channel"][0]) == ("plain", "shopee")
    assert sold(two)["channel"][0] == "shein"


def test_columns_tell_what_they_were_taken_for() -> None:
    found = reading(READ["own sheet with titles above, a total below and a buyer"][0])

    assert fields(found) == {
        "at": "Data",
        "title": "Produto",
        "units": "Qtd",
        "price": "Valor Unit.",
        "revenue": "Total",
    }
    buyer = next(column for column in found.report.columns if column.header == "Cliente")
    assert (buyer.field, buyer.samples) == ("", [])
    assert next(column.samples for column in found.report.columns if column.header == "Total") == [
        "R$ 100,00",
        "R$ 80,00",
    ]


@pytest.mark.parametrize(
    ("header", "cancelled", "done"),
    [
        ("Mã đơn hàng;Trạng thái;Tên sản phẩm;Thành tiền", "Đã hủy", "Hoàn thành"),
        ("No Pesanan;Status Pesanan;Nama Produk;Total Harga", "Batal", "Selesai"),
        ("Pedido;Status;Produto;Valor total", "Cancelado", "Entregue"),
        ("Order;Status;Product;Total price", "Canceled", "Shipped"),
    ],
)
def test_a_cancelled_order_is_no_sale_in_any_language(header: str, cancelled: str, done: str) -> None:
    lines = sold(reading(f"{header}\n1;{done};A;10,00\n2;{cancelled};B;20,00"))

    assert lines["status"].to_list() == ["sold", "cancelled"]


@pytest.mark.parametrize(
    "cell", ["zuleica@correio.example", "123.456.789-09", "(11) 91234-5678", "+55 11 91234-5678", "Rua das Flores 1"]
)
def test_a_persons_details_are_known_by_their_form(cell: str) -> None:
    found = reading(f"Pedido;Xpto;Loja;Valor total\n1;{cell};{cell};10,00\n2;;;20,00")
    shown = {column.header: (column.field, column.samples) for column in found.report.columns}

    assert (shown["Xpto"], shown["Loja"]) == (("", []), ("", []))
    assert cell not in str((sold(found).rows(), found.report))


@pytest.mark.parametrize("products", [1, 2])
def test_a_shop_of_one_product_has_its_sku(products: int) -> None:
    """The same code in every row is no constant of the export: costs and stock are joined with it."""
    rows = [f"{n};{n % 28 + 1:02d}/03/2026;CAN-{n % products};Caneca {n % products};1;100,00" for n in range(40)]
    found = reading("\n".join(["Pedido;Data;SKU;Produto;Quantidade;Valor total", *rows]))

    assert fields(found)["sku"] == "SKU"
    assert sold(found)["sku"].n_unique() == products


def test_a_total_with_the_buyers_freight_is_read_without_it() -> None:
    header = "Pedido;Produto;Qtd;Preço unitário;Frete cliente;Valor total pedido"
    found = reading(f"{header}\n1;Mixer;1;129,90;14,90;144,80\n2;Panela;2;99,90;0,00;199,80")

    told = TAKEN_OUT.format(column="Frete cliente", total="Valor total pedido", amount="14,90")
    assert told in found.report.warnings
    assert sold(found)["revenue"].to_list() == pytest.approx([129.9, 199.8])


@pytest.mark.parametrize(("name", "is_read"), [("Date", False), ("created_at", False), ("Data", True), ("Fecha", True)])
def test_what_comes_first_in_an_english_date_is_unknown_where_no_day_shows_it(name: str, *, is_read: bool) -> None:
    found = reading(f"Pedido;{name};Produto;Qtd;Valor total\n1;03/01/2026;A;1;10,00\n2;04/02/2026;B;1;12,00")

    assert sold(found)["at"].null_count() == (0 if is_read else 2)
    assert (DAY_OR_MONTH.format(column=name, rows=2) in found.report.warnings) is not is_read


def test_a_status_of_the_payment_decides_where_the_order_is_sold_else() -> None:
    names = "Pedido;Data;Produto;Qtd;Valor total;Status pagamento"
    rows = ["Aprovado", "Recusado", "Estornado", "Aguardando pagamento", "Cancelado"]
    paid = "\n".join(f"{n};0{n}/03/2026;A;1;30,00;{row}" for n, row in enumerate(rows, start=1))
    alone = sold(reading(f"{names}\n{paid}"))
    beside = sold(reading(f"{names};Status do pedido\n" + paid.replace("\n", ";Novo\n") + ";Cancelado"))

    assert alone["status"].to_list() == ["sold", "unpaid", "returned", "unpaid", "cancelled"]
    assert beside["status"].to_list() == alone["status"].to_list()
    assert alone["refund"].to_list() == [0, 0, 30, 0, 0]


def test_what_was_sent_is_sold_before_it_is_paid() -> None:
    names = "Pedido;Produto;Qtd;Valor total;Situação;Situação do pagamento"
    rows = (
        "1;A;1;30,00;Faturado;Em aberto\n2;A;1;30,00;Novo;Em aberto\n3;A;1;9;Enviado;Estornado\n4;A;1;9;Enviado;Negado"
    )

    assert sold(reading(f"{names}\n{rows}"))["status"].to_list() == ["sold", "unpaid", "returned", "unpaid"]


def test_a_row_of_freight_is_no_item() -> None:
    header = "Pedido;Data;Produto;Qtd;Valor total"
    found = reading(f"{header}\n1;01/03/2026;Luva;2;60,00\n1;01/03/2026;Frete;1;15,00\n2;14/03/2026;Frete fixo;1;9,00")
    coded = reading("Pedido;SKU;Produto;Qtd;Valor total\n1;A;Luva;2;60,00\n2;F;Sedex;1;15,00")

    assert sold(found)["title"].to_list() == ["Luva"]
    assert FREIGHT.format(rows=2) in found.report.warnings
    assert sold(coded)["units"].sum() == 3


def test_an_order_that_is_delivered_or_fetched_is_no_freight() -> None:
    rows = "1;01/03/2026;Entrega;60,00\n2;01/03/2026;Retirada;15,00\n3;02/03/2026;Entrega;9,00"

    assert sold(reading(f"Pedido;Data;Tipo;Valor total\n{rows}"))["revenue"].sum() == 84


def test_taxes_on_top_of_the_prices_do_not_hide_freight_and_discount() -> None:
    header = "NF;Código;Qtde;Vlr unit.;Vlr produtos;Vlr IPI;Vlr ICMS ST;Vlr frete;Vlr desconto;Vlr total NF"
    found = reading(f"{header}\n100;A;10;10,00;100,00;5,00;2,00;8,00;3,00;112,00\n101;B;5;20,00;100,00;0;0;0;0;100,00")

    assert sold(found)["revenue"].sum() == 197
    assert sold(found)["shipping"].null_count() == 2
    assert IN_TOTAL.format(column="Vlr frete") in found.report.warnings


def test_a_column_of_statuses_is_known_by_its_texts_whatever_it_is_called() -> None:
    rows = [f"{number};A;1;10,00;{'Cancelado' if number % 4 == 0 else 'Entregue'}" for number in range(8)]
    found = reading("\n".join(["Pedido;Produto;Qtd;Valor total;Andamento do envio xyz", *rows]))

    assert fields(found)["status"] == "Andamento do envio xyz"
    assert (sold(found)["status"] == "cancelled").sum() == 2


@pytest.mark.parametrize(
    ("name", "texts", "is_status"),
    [
        ("statusAlias", ["delivered", "cancelled", "on_carriage", "delivered"], True),
        ("status_xyz", ["Entregue", "Cancelado", "Em rota", "Entregue"], True),
        ("Xyz", ["Entregue", "Cancelado", "Em rota", "Entregue"], True),
        ("status_xyz", ["azul", "cancelado", "verde", "rosa"], True),
        ("status_xyz", ["Ativo", "Cancelado", "Pausado", "Cancelado"], False),
    ],
)
def test_words_of_orders_are_a_status_beside_others_that_nobody_knows(
    name: str, texts: list[str], is_status: bool
) -> None:
    rows = [f"{number};A;1;10,00;{texts[number % 4]}" for number in range(8)]
    found = reading("\n".join([f"Pedido;Produto;Qtd;Valor total;{name}", *rows]))

    assert (fields(found).get("status") == name) is is_status
    assert (sold(found)["status"] == "cancelled").sum() == (2 if is_status else 0)


def test_texts_that_stand_in_some_rows_alone_are_no_status() -> None:
    rows = [f"{number};A;1;10,00;{'foi cancelado' if number % 4 == 0 else ''}" for number in range(8)]
    found = reading("\n".join(["Pedido;Produto;Qtd;Valor total;Xyz", *rows]))

    assert "status" not in fields(found)


def test_tokopedias_export_is_read_by_its_indonesian_names() -> None:
    found = reading(
        "Nomor Invoice;Tanggal Pembayaran;Status Terakhir;Nama Produk;Nomor SKU;Jumlah Produk Dibeli;Harga Jual (IDR);"
        "Total Penjualan (IDR)\nINV/1;03-09-2026 10:00:00;Pesanan Selesai;Topi;T-1;2;45000;90000\n"
        "INV/2;13-09-2026 10:00:00;Pesanan Dibatalkan;Topi;T-1;1;45000;45000"
    )
    lines = sold(found)

    assert lines["order_id"].to_list() == ["INV/1", "INV/2"]
    assert lines["status"].to_list() == ["sold", "cancelled"]
    assert (lines["units"].to_list(), lines["revenue"].to_list()) == ([2, 1], [90000, 45000])
    assert lines["currency"].to_list() == ["IDR", "IDR"]


def test_a_vietnamese_sheets_fees_and_orders_are_known() -> None:
    found = reading("Mã đơn;Ngày bán;Tên sản phẩm;Số lượng;Thành tiền;Phí sàn\nD1;13/09/2026;Nón;1;120.000₫;9.600₫")

    assert sold(found)["order_id"].to_list() == ["D1"]
    assert sold(found)["fees"].to_list() == [9600]


@pytest.mark.parametrize("span", ["01/05/2026 a 07/05/2026", "2026-05-01 - 2026-05-07", "01.05.2026 até 07.05.2026"])
def test_a_span_of_days_is_no_day_of_a_sale(span: str) -> None:
    found = reading(f"Parceiro;Período;Produto;Qtd;Valor total\nX;{span};A;1;10,00\nY;{span};B;1;12,00")

    assert sold(found)["at"].null_count() == 2
    assert SPANS.format(column="Período", example=span) in found.report.warnings


def test_a_day_with_its_hours_is_no_span() -> None:
    found = reading(
        "Pedido;Data;Produto;Qtd;Valor total\n1;01/05/2026 - 10:30;A;1;10,00\n2;02/05/2026 - 11:00;B;1;12,00"
    )

    assert sold(found)["at"].null_count() == 0
