"""Tables as sellers, ERP systems and BI tools make them: read, or reported with their columns."""

import pytest

from tests.unit.gateway.intake.tables import fields, reading, sold

#: name -> table, revenue, units
READ: dict[str, tuple[str, float, float]] = {
    "own sheet with titles above, a total below and a buyer": (
        """Relatório de Vendas - Março/2026
        ;;;;;
        Data;Cliente;Produto;Qtd;Valor Unit.;Total
        01/03/2026;Zuleica Brantes;Camisa;2;R$ 50,00;R$ 100,00
        02/03/2026;Teobaldo Quaresma;Calça;1;R$ 80,00;R$ 80,00
        ;;;;TOTAL;R$ 180,00""",
        180,
        3,
    ),
    "Bling": (
        """Número pedido;Nome Comprador;Data;Produto;SKU;Un;Quantidade;Valor Unitário;Valor Total;\
Total Pedido;Valor Frete Pedido;Valor Desconto Pedido
        101;Zuleica;12/03/2026;Camisa;CAM-1;UN;2,00;50,00;100,00;175,00;20,00;5,00
        101;Zuleica;12/03/2026;Calça;CAL-1;UN;1,00;60,00;60,00;175,00;20,00;5,00
        102;Teobaldo;13/03/2026;Meia;MEI-1;UN;3,00;10,00;30,00;30,00;0,00;0,00""",
        190,
        6,
    ),
    "Olist Tiny": (
        """Nome do cliente;Número do pedido no e-commerce;E-commerce;Código (SKU);Descrição do produto;\
Preço total;Total de itens
        Zuleica;2000-1;Mercado Livre;A1;Camisa;59,90;1
        Teobaldo;SP-2;Shopee;A2;Calça;119,80;2""",
        179.7,
        3,
    ),
    "ERP with short names": (
        """COD_PROD;DESC_PROD;DT_EMISSAO;NR_NF;QTDE_VEND;VLR_UNIT;VLR_TOTAL;VLR_COMISSAO
        1001;PARAFUSO 10MM;20260312;5501;100;0,50;50,00;5,00
        1002;PORCA 10MM;20260313;5502;200;0,25;50,00;5,00""",
        100,
        300,
    ),
    "BI in snake_case": (
        """order_id;order_date;sku;product_name;quantity;unit_price;discount_amount;gross_revenue;net_revenue;marketplace
        1;2026-03-12T10:00:00Z;A;Shirt;2;50.00;10.00;100.00;90.00;shopee
        2;2026-03-13T10:00:00Z;B;Pants;1;80.00;0.00;80.00;80.00;mercado_livre""",
        170,
        3,
    ),
    "camelCase with AM and PM": (
        """orderId;orderDate;productName;sku;quantity;unitPrice;totalPrice;orderStatus;salesChannel
        1;3/12/2026 4:25:15 PM;Shirt;A;2;50.5;101;Completed;Shopee
        2;3/13/2026 4:25:15 AM;Pants;B;1;80;80;Completed;Amazon""",
        181,
        3,
    ),
    "words written as one": (
        """ORDERNUMBER;QUANTITYORDERED;PRICEEACH;SALES;ORDERDATE;STATUS;PRODUCTLINE;PRODUCTCODE;CUSTOMERNAME
        10107;30;95.70;2871.00;2/24/2003 0:00;Shipped;Motorcycles;S10_1678;Zuleica
        10121;34;81.35;2765.90;5/17/2003 0:00;Shipped;Motorcycles;S10_1678;Teobaldo""",
        5636.9,
        64,
    ),
    "pieces and rates": (
        """index;DATE;Months;CUSTOMER;Style;SKU;Size;PCS;RATE;GROSS AMT
        0;06-05-21;Jun-21;ZULEICA;M4;M4-L;L;1.00;616.56;616.56
        1;06-05-21;Jun-21;ZULEICA;M4;M4-XL;XL;2.00;616.56;1233.12
        2;06-15-21;Jun-21;ZULEICA;M5;M5-XL;XL;3.00;500.00;1500.00""",
        3349.68,
        6,
    ),
    "a till's columns, total with tax": (
        """Invoice ID;Branch;City;Customer type;Product line;Unit price;Quantity;Tax 5%;Total;Date;Time;cogs
        750-67;A;Yangon;Member;Health;74.69;7;26.1415;548.9715;1/15/2026;13:08;522.83
        226-31;C;Naypyitaw;Normal;Electronics;15.28;5;3.82;80.22;1/28/2026;10:29;76.4""",
        629.1915,
        12,
    ),
    "a form's questions": (
        """Carimbo de data/hora;Nome do vendedor;Qual produto?;Quantas unidades?;Valor da venda (R$)
        12/03/2026 10:00:00;Zuleica;Camisa;2;100,00
        13/03/2026 11:00:00;Teobaldo;Calça;1;80,00""",
        180,
        3,
    ),
    "groups above the names": (
        """Produto;;Vendas;;Devoluções;
        Código;Descrição;Qtd;Valor;Qtd;Valor
        A1;Camisa;10;500,00;1;50,00
        A2;Calça;5;400,00;0;0,00""",
        900,
        15,
    ),
    "an order's total on each of its rows": (
        """Pedido;SKU;Produto;Quantidade;Valor do Item;Total do Pedido
        1;A;Camisa;1;50,00;130,00
        1;B;Calça;1;80,00;130,00
        2;A;Camisa;2;50,00;100,00""",
        230,
        4,
    ),
    "costs and profit beside the sales": (
        """Data;SKU;Produto;Qtd;Custo;Preço Venda;Lucro;Receita;Estoque
        01/03/2026;A;Camisa;2;20,00;50,00;60,00;100,00;7
        02/03/2026;B;Calça;1;30,00;80,00;50,00;80,00;9""",
        180,
        3,
    ),
    "a lone Valor that grows with the units is a total": (
        """Data;Produto;Qtd;Valor
        01/03/2026;Camisa;2;100,00
        02/03/2026;Camisa;1;50,00
        02/03/2026;Camisa;4;200,00""",
        350,
        7,
    ),
    "a lone Valor that does not is a price": (
        """Data;Produto;Qtd;Valor
        01/03/2026;Camisa;2;50,00
        02/03/2026;Camisa;1;50,00
        02/03/2026;Camisa;4;50,00""",
        350,
        7,
    ),
    "columns without known names beside a known one": (
        """SKU;Xpto;Foo;Bar
        A-1;2;50,00;100,00
        A-2;1;80,00;80,00
        A-3;3;20,00;60,00""",
        240,
        6,
    ),
    "Spanish": (
        """Fecha de venta;Número de venta;Producto;Cantidad;Precio unitario;Importe total;Estado del pedido
        12/03/2026;1;Camisa;2;50,00;100,00;Entregado
        13/03/2026;2;Pantalón;1;80,00;80,00;Entregado""",
        180,
        3,
    ),
    "Vietnamese": (
        """Ngày bán;Mã đơn hàng;Tên sản phẩm;Số lượng;Đơn giá;Thành tiền
        12/03/2026;1;Áo;2;50.000 ₫;100.000 ₫
        13/03/2026;2;Quần;1;80.000 ₫;80.000 ₫""",
        180_000,
        3,
    ),
    "Indonesian": (
        """Tanggal;No Pesanan;Nama Produk;Jumlah;Harga Satuan;Total Harga
        12/03/2026;1;Baju;2;Rp 50.000;Rp 100.000
        13/03/2026;2;Celana;1;Rp 80.000;Rp 80.000""",
        180_000,
        3,
    ),
}


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
    assert inside.report.warnings == ["“Frete” está no total, pago pelo comprador: não é custo seu."]
    assert sold(apart)["shipping"].to_list() == [10, 12]


def test_an_orders_costs_are_counted_once() -> None:
    lines = sold(reading(READ["Bling"][0]))

    assert lines["discount"].sum() == pytest.approx(5)
    assert lines["shipping"].sum() == pytest.approx(20)


@pytest.mark.parametrize(("column", "field"), [("Comissão (%)", "fees"), ("Discount", "discount")])
def test_a_rate_is_no_amount(column: str, field: str) -> None:
    found = reading(f"Order ID;Product Name;Quantity;Sales;{column}\n1;A;1;100.00;0.16\n2;B;2;50.00;0.20")

    assert sold(found)[field].to_list() == [None, None]


def test_a_month_is_no_date() -> None:
    found = reading("Mês;Produto;Unidades vendidas;Faturamento\n2026-01;Camisa;10;500,00\n2026-02;Camisa;12;600,00")

    assert sold(found)["at"].to_list() == [None, None]
    assert any("diz só o mês" in warning for warning in found.report.warnings)


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
