"""Each layout's quirks, on a few rows."""

from datetime import datetime

import polars as pl
import pytest

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.channel_words import UNKNOWN_WORTH
from gateway.intake.layouts.lines import EXPOSURE, LINES
from gateway.intake.layouts.orders import shared_out
from gateway.intake.layouts.status import status_of
from gateway.intake.tables import RawTable

Row = list[str | None]


def at(text: str) -> datetime:
    """Return a local moment, as exports write it."""
    return datetime.fromisoformat(text)


def read(rows: list[Row], channels: list[str] | None = None) -> Reading:
    width = max(len(row) for row in rows)
    data = {str(i): [row[i] if i < len(row) else None for row in rows] for i in range(width)}
    return understand(RawTable("t", pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))), channels or ["shopee"])


def lines(reading: Reading) -> pl.DataFrame:
    assert reading.lines is not None
    assert dict(reading.lines.schema) == LINES
    return reading.lines


ML_HEADER: Row = [
    "N.º de venda", "Data da venda", "Estado", "Pacote de diversos produtos", "Unidades", "Receita por produtos (BRL)",
    "Tarifa de venda e impostos (BRL)", "Receita por envio (BRL)", "Tarifas de envio (BRL)",
    "Cancelamentos e reembolsos (BRL)", "Venda por publicidade", "SKU", "# de anúncio", "Título do anúncio",
    "Preço unitário de venda do anúncio (BRL)", "Comprador", "CPF", "Estado", "Unidades",
]  # fmt: skip


def ml(number: str, state: str | None, package: str, units: str | None, money: Row, sku: Row, price: str | None) -> Row:
    moment = "12 de março de 2026 14:05 hs."
    return [number, moment, state, package, units, *money, "Sim", *sku, price, "Zuleica", "123", "SP", "9"]


NO_MONEY: Row = [None, " ", None, None, None]


def test_mercado_livre_header_in_row_six_and_duplicate_names() -> None:
    title: list[Row] = [["Vendas"], [], [], ["BRL"], ["Vendas", None, "Anúncios"]]
    money: Row = ["100", "-16,00", "7.9", "-20.9", None]
    reading = read([*title, ML_HEADER, ml("1", "Entregue", "Não", "2", money, ["A", "MLB1", "Camisa"], "50")])
    row = lines(reading).row(0, named=True)

    assert reading.report.layout == "mercado_livre.vendas"
    assert reading.report.where == "t, cabeçalho na linha 6"
    assert (row["channel"], row["order_id"], row["sku"], row["units"]) == ("mercado_livre", "1", "A", 2)
    assert (row["revenue"], row["fees"], row["shipping"], row["status"]) == (100, 16, pytest.approx(13), "sold")
    assert row["at"] == at("2026-03-12T14:05")
    assert row["advertised"] is True
    assert "Zuleica" not in str(row)


def test_mercado_livre_package_money_goes_to_its_products() -> None:
    money: Row = ["300", "-30", None, "-15", None]
    rows = lines(
        read(
            [
                ML_HEADER,
                ml("7", "Pacote de 2 produtos", "Sim", None, money, [None, None, None], None),
                ml("8", "Entregue", "Sim", "1", NO_MONEY, ["A", "MLB1", "a"], "100"),
                ml("9", None, "Sim", "2", NO_MONEY, ["B", "MLB2", "b"], "100"),
                ml("10", "Venda cancelada", "Não", "1", NO_MONEY, ["C", "MLB3", "c"], "5"),
            ]
        )
    )

    assert rows["sku"].to_list() == ["A", "B", "C"]
    assert rows["order_id"].to_list() == ["7", "7", "10"]
    assert rows["revenue"].to_list() == pytest.approx([100, 200, None])
    assert rows["fees"].to_list()[:2] == pytest.approx([10, 20])
    assert rows["shipping"].to_list()[:2] == pytest.approx([5, 10])
    assert rows["status"].to_list() == ["sold", "sold", "cancelled"]


def test_mercado_livre_package_without_rows_keeps_its_money() -> None:
    money: Row = ["300", "-30", None, "-15", None]
    rows = lines(read([ML_HEADER, ml("7", "Pacote de 2 produtos", "Sim", None, money, [None, None, None], None)]))

    assert rows["revenue"].to_list() == [300]


SHOPEE: Row = [
    "ID do pedido", "Status do pedido", "Status da Devolução / Reembolso", "Número de referência SKU",
    "Nome do Produto", "Preço original", "Preço acordado", "Quantidade", "Returned quantity", "Subtotal do produto",
    "Desconto do vendedor", "Desconto do vendedor", "Cupom do vendedor", "Taxa de transação",
    "Taxa de comissão bruta", "Taxa de comissão líquida", "Taxa de serviço bruta", "Taxa de serviço líquida",
    "Valor estimado do frete", "Taxa de envio pagas pelo comprador", "Desconto de Frete Aproximado",
    "Data de criação do pedido", "Hora do pagamento do pedido", "Tempo de Envio", "Nome do destinatário",
]  # fmt: skip


def shopee(order: str, status: str, sku: str, subtotal: str, back: str = "0", returned: str = "") -> Row:
    return [
        order, status, returned, sku, "Produto", "60.00", "50.00", "2", back, subtotal, "0", "0", "15.00",
         "3", "99", "6",
        "99", "3", "30", "12", "8", "2026-03-01 10:00", "2026-03-01 12:00", "2026-03-03 12:00", "Zuleica",
    ]  # fmt: skip


def test_shopee_order_money_is_counted_once() -> None:
    rows = lines(read([SHOPEE, shopee("X", "Concluído", "A", "100.00"), shopee("X", "Concluído", "B", "50.00")]))

    assert rows["fees"].to_list() == pytest.approx([8, 4])
    assert rows["fees"].sum() == pytest.approx(12)  # 3 + 6 net + 3 net, once
    assert rows["shipping"].sum() == pytest.approx(10)  # 30 less the buyer's 12 and the rebate of 8
    assert rows["revenue"].to_list() == pytest.approx([90, 45])  # less the order's coupon
    assert rows["ship_days"].to_list() == [2, 2]


@pytest.mark.parametrize(
    ("status", "returned", "expected"),
    [
        ("Concluído", "", "sold"),
        ("O comprador pode pedir devolução até 14-04-2026", "", "sold"),
        ("Cancelado", "", "cancelled"),
        ("Não pago", "", "unpaid"),
        ("Concluído", "Solicitação aprovada", "returned"),
        ("Concluído", "Solicitação cancelada", "sold"),
        ("A Enviar", "", "sold"),
    ],
)
def test_shopee_status(status: str, returned: str, expected: str) -> None:
    assert lines(read([SHOPEE, shopee("X", status, "A", "100.00", returned=returned)]))["status"][0] == expected


def test_shopee_returned_quantity_is_refunded_at_the_agreed_price() -> None:
    rows = lines(read([SHOPEE, shopee("X", "Concluído", "A", "100.00", back="1", returned="Aprovada")]))

    assert (rows["returned_units"][0], rows["refund"][0]) == (1, 50)


def test_shopee_performance_is_exposure_not_sales() -> None:
    header: Row = ["ID do item", "Produto", "Vendas (Pedido pago) (BRL)", "Unidades (Pedido pago)",
                   "Impressão do Produto", "Cliques Por Produto", "CTR"]  # fmt: skip
    reading = read([header, ["11", "Camisa", "1.000,50", "20", "10.000", "150", "1,5%"]])
    assert reading.exposure is not None

    assert reading.lines is None
    assert dict(reading.exposure.schema) == EXPOSURE
    assert reading.exposure.row(0) == ("shopee", "11", "Camisa", 20, 1000.5, 10000, 150, "BRL", None)


def test_amazon_orders_tabs_dates_and_other_shops() -> None:
    header: Row = ["amazon-order-id", "purchase-date", "order-status", "sales-channel", "product-name",
     "sku", "quantity",
                   "currency", "item-price", "item-promotion-discount", "item-status"]  # fmt: skip
    reading = read(
        [
            header,
            [
                "1",
                "2026-03-12T10:00:00+00:00",
                "Shipped",
                "Amazon.com.br",
                "Camisa",
                "A",
                "2",
                "BRL",
                "100.00",
                "10.00",
                "",
            ],
            ["2", "2026-03-12T10:00:00+00:00", "Cancelled", "Amazon.com.br", "Camisa", "A", "0", "", "", "", ""],
            ["3", "2026-03-12T10:00:00+00:00", "Shipped", "Non-Amazon", "Camisa", "A", "2", "BRL", "100.00", "", ""],
        ]
    )
    rows = lines(reading)

    assert rows["order_id"].to_list() == ["1", "2"]
    assert rows["revenue"].to_list() == [90, None]
    assert rows["status"].to_list() == ["sold", "cancelled"]
    assert rows["returned_units"].to_list() == [None, None]  # the report does not tell
    assert reading.report.warnings == ["1 pedido(s) de fora da Amazon não foram contados."]


def test_amazon_sales_month_first_trailing_spaces_and_missing_amounts() -> None:
    header: Row = ["index", "Order ID", "Date", "Status", "Fulfilment", "Sales Channel ", "SKU", "Category",
     "ASIN", "Qty",
                   "currency", "Amount", None]  # fmt: skip
    reading = read(
        [
            header,
            ["0", "1", "04-05-22", "Shipped - Returned to Seller", "Merchant", "Amazon.in", "A", "Set", "B0",
             "1", "INR", "647.62"],
            ["1", "2", "04-06-22", "Cancelled", "Merchant", "Amazon.in", "A", "Set", "B0", "0", None, None],
        ]
    )  # fmt: skip
    rows = lines(reading)

    assert rows["at"].to_list() == [at("2022-04-05"), at("2022-04-06")]
    assert rows["status"].to_list() == ["returned", "cancelled"]
    assert (rows["refund"][0], rows["returned_units"][0], rows["currency"][0]) == (647.62, 1, "INR")
    assert reading.report.warnings == ["1 linha(s) sem valor (Amount) não entraram na receita."]


def test_tiktok_explanations_are_skipped_and_the_platform_pays_its_discount() -> None:
    header: Row = ["Order ID", "Order Status", "Order Substatus", "Cancelation/Return Type", "Seller SKU",
     "Product Name",
                   "Quantity", "Sku Quantity of return", "SKU Subtotal Before Discount", "SKU Platform Discount",
                   "SKU Seller Discount", "SKU Subtotal After Discount", "Order Refund Amount",
                    "Created Time"]  # fmt: skip
    rows = lines(
        read(
            [
                header,
                ["Platform unique order ID.", "Current order status.", *["x y"] * 12],
                ["57\t", "Completed", "", "Return/Refund", "A", "Camisa", "2", "1", "100", "5", "20", "75",
                 "40", "12/03/2026 10:00\t"],
                ["58\t", "Canceled", "", "Cancel", "A", "Camisa", "1", "0", "50", "0", "0", "50", "50",
                 "13/03/2026 10:00\t"],
            ]
        )
    )  # fmt: skip

    assert rows["order_id"].to_list() == ["57", "58"]
    assert rows["revenue"].to_list() == [80, 50]
    assert (rows["refund"][0], rows["discount"][0], rows["returned_units"][0]) == (40, 20, 1)
    assert rows["status"].to_list() == ["returned", "cancelled"]


PLAIN: list[Row] = [
    ["Relatório", None, None, None, None, None],
    ["Pedido", "Data", "SKU", "Qtde", "Valor Total", "Comissão", "Nome", "Marketplace"],
    ["1", "12/03/2026", "A", "2", "R$ 1.000,00", "-100,00", "Zuleica", "Magazine Luiza"],
    ["2", "13/03/2026", "B", "1", "R$ 50,00", "-5,00", "Ondina", "TikTok"],
    ["3", "13/03/2026", "B", "1", "R$ 50,00", "-5,00", "Ondina", "Feira"],
    ["Total", None, None, "4", "R$ 1.100,00", "-110,00", None, None],
]


def test_plain_table_channels_costs_and_totals() -> None:
    reading = read(PLAIN)
    rows = lines(reading)

    assert rows["channel"].to_list() == ["magalu", "tiktok_shop", None]
    assert rows["revenue"].to_list() == [1000, 50, 50]
    assert rows["fees"].to_list() == [100, 5, 5]
    assert "Nome" not in reading.report.columns_used
    assert reading.report.warnings == [
        "1 linha(s) de total, média ou saldo não foram contadas como venda.",
        UNKNOWN_WORTH.format(rows=1, names="“Feira”", amount="50,00"),
    ]


def test_plain_table_without_channel_belongs_to_the_only_one_asked_about() -> None:
    bare = [row[:6] for row in PLAIN]

    assert lines(read(bare, ["shein"]))["channel"].to_list() == ["shein"] * 3
    assert lines(read(bare, ["shein", "amazon"]))["channel"].to_list() == [None] * 3


def test_plain_table_in_english_with_price_and_units() -> None:
    rows = lines(read([["Product", "Quantity", "Unit price"], ["Shirt", "3", "1,000.50"], ["Sock", "1", "2.25"]]))

    assert rows["revenue"].to_list() == [3001.5, 2.25]
    assert rows["status"].to_list() == [None, None]  # cancelled or not is unknown


@pytest.mark.parametrize(
    "header", [["Cliente", "CPF", "Telefone"], ["Nome", "Valor"], ["a", "b", "c"], ["Produto", "Cor"]]
)
def test_other_tables_are_unknown(header: Row) -> None:
    reading = read([header, ["1"] * len(header)])

    assert (reading.report.layout, reading.lines, reading.exposure) == ("unknown", None, None)


def test_money_that_differs_within_an_order_is_the_rows_own() -> None:
    shared = shared_out(pl.Series(["X", "X", "Y"]), pl.Series([1.0, 3.0, 5.0]), pl.Series([1.0, 1.0, 1.0]))
    assert shared is not None

    assert shared.to_list() == [1, 3, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Venda cancelada. Não envie", "cancelled"),
        ("Devolução finalizada com reembolso para o comprador", "returned"),
        ("Devolução cancelada", "sold"),
        ("Shipped - Rejected by Buyer", "returned"),
        ("Shipped - Delivered to Buyer", "sold"),
        ("Aguardando pagamento", "unpaid"),
        ("Pending", "sold"),
        (None, "sold"),
        ("Devuelto", "returned"),
        ("Pendiente de pago", "unpaid"),
    ],
)
def test_status_texts(text: str | None, expected: str) -> None:
    assert status_of(pl.Series([text], dtype=pl.String), None, 1).to_list() == [expected]


def test_amounts_in_dollars_are_not_taken_for_reais() -> None:
    header: Row = ["Order", "SKU", "Qty", "Revenue", "Fee"]
    found = lines(read([header, ["1", "A", "1", "US$ 10.50", "US$ 1.00"], ["2", "B", "1", "20.00", "USD 2"]]))

    assert found["revenue"].to_list() == [10.5, 20]
    assert found["fees"].to_list() == [1, 2]
    assert found["currency"].to_list() == ["USD", "USD"]
    assert lines(read([header, ["1", "A", "1", "10.50", "1"]]))["currency"].to_list() == [None]


def test_a_column_that_names_the_currency_comes_first() -> None:
    found = lines(read([["Order", "SKU", "Revenue", "Currency"], ["1", "A", "R$ 10,50", "EUR"]]))

    assert found["currency"].to_list() == ["EUR"]


def test_each_line_has_the_number_of_its_row_in_the_sheet() -> None:
    """Blank rows, rows of totals and what stands above the header are counted as the sheet counts them."""
    rows: list[Row] = [*PLAIN[:3], [None], ["Subtotal", None, None, None, "1.000,00"], *PLAIN[3:]]

    assert lines(read(rows))["row"].to_list() == [3, 6, 7]


TIKTOK: Row = [
    "Order ID", "Order Status", "Seller SKU", "SKU ID", "Quantity", "SKU Subtotal After Discount",
    "Shipping Fee After Discount", "Order Amount", "Payment Method",
]  # fmt: skip


def test_tiktok_amounts_are_checked_but_for_interest_on_instalments() -> None:
    rows = lines(
        read(
            [
                TIKTOK,
                ["1", "Enviado", "A", "77", "1", "BRL 10,00", "BRL 2,50", "BRL 22,50", "Pix"],
                ["1", "Enviado", "B", "78", "1", "BRL 10,00", "BRL 2,50", "BRL 22,50", "Pix"],
                ["2", "Enviado", None, "77", "1", "BRL 10,00", "BRL 0,00", "BRL 11,30", "Parcelamento de cartão"],
            ]
        )
    )

    assert rows["total_theirs"].to_list() == pytest.approx([11.25, 11.25, None])
    assert rows["total_ours"].to_list() == pytest.approx([11.25, 11.25, 10])
    assert rows["currency"].to_list() == ["BRL"] * 3
    assert (rows["sku"].to_list(), rows["listing"].to_list()) == (["A", "B", None], ["77", "78", "77"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O comprador se arrependeu e cancelou", "cancelled"),
        ("Se o comprador cancelar, avisaremos", "sold"),
        ("Se você não nos avisar, a devolução será aceita", "returned"),
        ("Cancelamos a devolução", "sold"),
        ("Return completed", "returned"),
    ],
)
def test_what_may_happen_is_told_from_what_did(text: str, expected: str) -> None:
    assert status_of(pl.Series([text]), None, 1).to_list() == [expected]
