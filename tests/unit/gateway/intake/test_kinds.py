"""What tells of no sales is called what it is, and gives no figures of sales."""

from dataclasses import replace

import pytest

from gateway.intake.layouts import understand
from gateway.intake.layouts.called import BY_NAME, MAY_BE_SPENT, NOT_SPENT
from gateway.intake.layouts.general import SPENT_UNDATED
from gateway.intake.layouts.kinds import SAYS
from gateway.intake.layouts.returned import CAUSES_READ
from tests.unit.gateway.intake.tables import cells, raw, reading, sold

TABLES: dict[str, list[str]] = {
    "stock": [
        "index;SKU Code;Design No.;Stock;Category;Size;Color\n0;AN-1;AN;5.0;AN;L;Red\n1;AN-2;AN;3.0;AN;M;Red",
        "Código;Produto;Saldo em estoque;Estoque mínimo;Preço de venda\n1;Camisa;10;2;50,00\n2;Calça;5;1;80,00",
        "Código do anúncio;Título;Quantidade;Preço;Status\nMLB1;Camisa;10;50,00;Ativo\nMLB2;Calça;5;80,00;Pausado",
        "SKU;Nome do produto;Quantidade em estoque;Depósito\nA;Camisa;10;SP\nB;Calça;5;RJ",
    ],
    "prices": [
        "index;Sku;Style Id;Catalog;TP;MRP Old;Ajio MRP\n0;O-S;O;M;538;2178;2295\n1;O-M;O;M;538;2178;2295",
        "Código;Produto;Preço\n1;Camisa;50,00\n2;Calça;80,00",
        "Código;Produto;Valor unitário;Valor atacado\n1;Camisa;50,00;40,00\n2;Calça;80,00;70,00",
        "EAN;Nazwa;Cena detaliczna;Cena hurtowa;Opakowanie\n5901;Kubek;20,00;10,00;6\n5902;Talerz;21,00;11,00;6",
        "Symbol;Opis;Cena katalogowa;Rabat;Cena po rabacie\nK1;Kubek;20,00;10%;18,00\nK2;Talerz;30,00;10%;27,00",
        "Indeks;Nazwa towaru;Cena netto;VAT;Cena brutto\nI-1;Kubek;10,00;23%;12,30\nI-2;Talerz;20,00;23%;24,60",
        "Artikelnummer;Bezeichnung;VE;Preis netto;UVP\nK1;Tasse;6;10,50;15,90\nK2;Teller;4;11,50;16,90",
        "id;title;availability;price;image_link;sale_price\n7;Taça;in stock;30.50;/a;28.00\n8;Pote;new;20.25;/b;18.00",
        "Codice;Descrizione;Prezzo listino\nK1;Tazza;20,50\nK2;Piatto;21,50",
    ],
    "returns": [
        "return-date;order-id;sku;product-name;quantity;reason\n2026-03-12;7-1;A;Shirt;1;X\n2026-03-13;7-2;B;Pants;1;Y",
        "Pedido;Data da devolução;Produto;Motivo da devolução\n1;12/03/2026;Camisa;Tamanho\n2;13/03/2026;Calça;Cor",
    ],
    "advertising": [
        "Campanha;Impressões;Cliques;CTR;Gasto;Vendas;ROAS\nVerão;10000;200;2%;150,00;1200,00;8\nInverno;5;5;1%;5,00;3,00;6",
        "Campaign name;Impressions;Clicks;Spend;Sales\nSummer;1000;20;15.00;120.00\nWinter;500;5;5.00;30.00",
    ],
    "performance": ["Anúncio;Visitas;Conversão;Vendas\nCamisa;100;2%;10\nCalça;80;1%;4"],
    "costs": [
        "Data;Despesa;Centro de custo;Valor\n01/03/2026;Aluguel;Loja;1.500,00\n02/03/2026;Energia;Loja;350,00",
        "SKU;Produto;Custo unitário\nA;Camisa;20,00\nB;Calça;30,00",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in TABLES.items() for text in texts])
def test_a_table_without_sales_is_called_what_it_is(kind: str, text: str) -> None:
    found = reading(text)

    assert (found.report.kind, found.lines, found.exposure) == (kind, None, None)
    more = [SPENT_UNDATED] if kind == "advertising" else [CAUSES_READ] if found.returned is not None else []
    assert found.report.warnings == ([] if found.goods is not None else [SAYS[kind], *more])


@pytest.mark.parametrize(
    "text",
    [
        "SKU;Produto;Estoque;Vendidos;Receita\nA;Camisa;10;5;250,00\nB;Calça;3;7;700,00",
        "Pedido;Produto;Quantidade;Valor total;Motivo do cancelamento;Data da devolução\n1;A;1;10,00;;\n2;B;1;9,00;;",
        "Semana;Canal;Unidades;Receita;Taxa de conversão\n1;Shopee;12;1000,00;2%\n1;Amazon;6;700,00;1%",
        "Pedido;Produto;Valor total;Cliques;Impressões\n1;A;10,00;5;50\n2;B;9,00;7;70",
        "Order ID;Product;Total;Image URL;Availability\n1;A;9,50;a;y\n2;B;9,00;b;n",
        "Data;Produto;Quantidade;Receita;Custo\n01/03/2026;A;1;10,00;5,00\n02/03/2026;B;1;9,00;4,00",
    ],
)
def test_sales_beside_such_columns_stay_sales(text: str) -> None:
    assert reading(text).report.kind == "sales"


@pytest.mark.parametrize(
    "header",
    [
        "Pedido;SKU;Quantidade;Valor total",
        "ID do pedido;Status do pedido;Quantidade;Preço acordado;Número de referência SKU",
        "Name;Financial Status;Lineitem quantity;Lineitem name;Lineitem price;Total",
    ],
)
def test_a_header_alone_is_no_sale(header: str) -> None:
    found = reading(f"{header}\n;;;;;")

    assert (found.report.kind, found.report.rows, found.lines) == ("unknown", 0, None)
    assert found.report.warnings == [
        "A tabela tem só o cabeçalho, sem nenhuma linha: nenhum número foi calculado dela."
    ]


SALES = "Data;SKU;Produto;Qtd;Valor total\n01/03/2026;A;Luva;1;30,00\n02/03/2026;B;Touca;2;70,00"


@pytest.mark.parametrize(
    ("where", "title", "kind"),
    [
        ("planilha “Devoluções”", "", "returns"),
        ("planilha “Plan1”", "Pedidos cancelados de março", "returns"),
        ("planilha “Compras”", "", "costs"),
        ("t", "Purchase orders 2026", "costs"),
        ("planilha “Vendas canceladas”", "", "returns"),
        ("t", "Vendas devolvidas em março", "returns"),
        ("planilha “Vendas e devoluções”", "", "sales"),
        ("t", "Pedidos exceto cancelados", "sales"),
        ("t", "Compras dos clientes", "sales"),
        ("planilha “Vendas”", "Sem devoluções", "sales"),
    ],
)
def test_a_table_that_is_called_returns_or_purchases_is_no_sale(where: str, title: str, kind: str) -> None:
    assert reading(f"{title}\n{SALES}" if title else SALES, where=where).report.kind == kind


def test_a_status_tells_by_row_what_was_sold_whatever_the_table_is_called() -> None:
    rows = "Pedido;SKU;Qtd;Valor total;Status\n1;A;1;30,00;Entregue\n2;B;2;70,00;Devolvido"

    assert reading(rows, where="planilha “Devoluções”").report.kind == "sales"


def test_the_day_of_the_return_alone_is_no_day_of_a_sale() -> None:
    found = reading("Data devolução;Pedido;SKU;Produto;Qtd;Valor total\n12/03/2026;1;A;Luva;1;30,00")

    assert (found.report.kind, found.report.warnings) == ("returns", [SAYS["returns"]])


def test_units_times_their_cost_are_purchases() -> None:
    rows = "Data;Produto;Quantidade;Custo unitário;Valor total\n01/03/2026;Argila;10;35,00;{}\n02/03/2026;Tinta;4;18;{}"

    assert reading(rows.format("350,00", "72,00")).report.kind == "costs"
    assert reading(rows.format("500,00", "120,00")).report.kind == "sales"


def test_an_average_of_orders_is_no_price_and_orders_are_no_units() -> None:
    rows = "01/03/2026;10;500,00;50,00\n02/03/2026;8;420,00;52,50\n13/03/2026;12;660,00;55,00"
    lines = sold(reading(f"Data;Nº de vendas;Faturamento;Ticket médio\n{rows}"))

    assert (lines["revenue"].sum(), lines["units"].null_count()) == (1580, 3)


def test_an_estimate_is_no_sale_yet() -> None:
    rows = "Pedido;Data;Produto;Valor total;Situação\n1;01/03/2026;A;60,00;Faturado\n2;02/03/2026;B;35,00;Orçamento"

    assert sold(reading(rows))["status"].to_list() == ["sold", "unpaid"]


PRICES = "Produto;Valor\nCopo;20,00\nPrato;30,00"


@pytest.mark.parametrize(
    ("where", "file", "kind"),
    [
        ("t", "cennik 2026.xlsx", "prices"),
        ("planilha “Tabela de preços”", "x.xlsx", "prices"),
        ("t", "price_list.csv", "prices"),
        ("t", "x.csv", "unknown"),
        ("planilha “Vendas”", "x.xlsx", "sales"),
        ("t", "faturamento.csv", "sales"),
        ("planilha “Vendas”", "tabela de preços.xlsx", "sales"),
    ],
)
def test_a_lone_value_is_a_price_or_a_sum_by_the_table_s_name_else_a_person_is_asked(
    where: str, file: str, kind: str
) -> None:
    found = understand(replace(raw(cells(PRICES), where), filename=file), ["own_store"], None)

    assert (found.report.kind, found.report.asks) == (kind, kind == "unknown")


def test_a_list_of_prices_with_days_or_with_what_was_sold_is_no_price_list() -> None:
    for text in (
        f"Data;{PRICES}".replace("\n", "\n01/03/2026;"),
        "Produto;Qtd;Valor total\nCopo;2;40,00\nPrato;1;30,00",
    ):
        assert (
            understand(replace(raw(cells(text)), filename="tabela de preços.csv"), ["own_store"]).report.kind == "sales"
        )


@pytest.mark.parametrize(
    ("where", "file", "kind"),
    [
        ("planilha “Vendas”", "Controle de compras.xlsx", "sales"),
        ("planilha “Vendas”", "estoque.xlsx", "sales"),
        ("planilha “Vendas”", "devoluções.xlsx", "returns"),
        ("planilha “Plan1”", "Controle de compras.xlsx", "costs"),
        ("planilha “Vendas em estoque”", "estoque.xlsx", "stock"),
    ],
)
def test_a_sheet_of_sales_is_no_purchase_whatever_its_file_is_called(where: str, file: str, kind: str) -> None:
    table = raw(cells("Produto;Quantidade;Valor total\nCopo;2;20,00\nPrato;1;30,00"), where)
    assert understand(replace(table, filename=file), ["own_store"], None).report.kind == kind


@pytest.mark.parametrize(
    ("where", "file"),
    [
        ("planilha “Receitas”", "Despesas.xlsx"),
        ("planilha “Faturamento”", "Despesas.xlsx"),
        ("planilha “Plan1”", "controle despesas 2026 faturamento.xlsx"),
    ],
)
def test_what_is_called_earned_is_no_expense(where: str, file: str) -> None:
    found = understand(replace(raw(cells(SALES), where), filename=file), ["own_store"])

    assert sold(found)["revenue"].sum() == 100


ORDERS = "Pedido;Data;Produto;{}Total\n1;01/03/2026;Copo;{}20,00\n2;02/03/2026;Prato;{}30,00"


@pytest.mark.parametrize(
    ("file", "units", "kind"),
    [
        ("controle despesas 2026.xlsx", "2;", "sales"),
        ("controle despesas 2026.xlsx", "", "unknown"),
        ("compras.csv", "2;", "unknown"),
        ("pedidos de compra.csv", "2;", "unknown"),
        ("pedidos.csv", "2;", "sales"),
    ],
)
def test_numbered_orders_stand_above_the_name_of_a_file_or_a_person_is_asked(file: str, units: str, kind: str) -> None:
    text = ORDERS.format("Qtd;" if units else "", units, units)
    found = understand(replace(raw(cells(text), "planilha “Março”"), filename=file), ["own_store"])

    assert (found.report.kind, found.report.asks) == (kind, kind == "unknown")
    told = [MAY_BE_SPENT] if kind == "unknown" else [NOT_SPENT] if "despesas" in file else []
    assert found.report.warnings == told


@pytest.mark.parametrize(
    ("where", "file", "kind"),
    [
        ("planilha “Compras”", "x.xlsx", "costs"),
        ("t", "despesas.csv", "costs"),
        ("t", "estoque.csv", "stock"),
        ("planilha “Tabela de preços”", "x.xlsx", "prices"),
    ],
)
def test_a_table_that_its_name_alone_turns_away_says_how_to_overrule_it(where: str, file: str, kind: str) -> None:
    text = PRICES if kind == "prices" else "Produto;Quantidade;Valor total\nCopo;2;20,00\nPrato;1;30,00"
    found = understand(replace(raw(cells(text), where), filename=file), ["own_store"])

    assert (found.report.kind, found.report.warnings) == (kind, [SAYS[kind], BY_NAME])


def test_a_list_of_goods_that_its_file_alone_calls_stock_says_how_to_overrule_it() -> None:
    text = "SKU;Produto;Quantidade;Valor total\nC-1;Copo;2;20,00\nP-1;Prato;1;30,00"
    found = understand(replace(raw(cells(text)), filename="estoque.csv"), ["own_store"])

    assert (found.report.kind, found.report.warnings, found.goods is None) == ("stock", [BY_NAME], False)


@pytest.mark.parametrize("name", ["Faturamento", "Receita", "Total vendido"])
@pytest.mark.parametrize("file", ["listino.csv", "pricing store março.csv", "estoque.csv", "despesas.csv"])
def test_a_column_that_is_called_revenue_is_no_price_whatever_the_file_is_called(name: str, file: str) -> None:
    text = f"Produto;{name}\nCopo;20,00\nPrato;30,00"

    assert sold(understand(replace(raw(cells(text)), filename=file), ["own_store"]))["revenue"].sum() == 50


UNIT_PRICES = "Produto;{}Valor unitário\nCopo;{}20,00\nPrato;{}30,00"


@pytest.mark.parametrize(
    ("name", "told", "file", "kind"),
    [
        ("Cliente", "Ana Lima", "vendas.csv", "sales"),
        ("Vendedor", "Ana", "vendas.csv", "sales"),
        ("Forma de pagamento", "Pix", "vendas.csv", "sales"),
        ("Forma de pagamento", "Pix", "x.csv", "unknown"),
        ("Observação", "azul", "x.csv", "prices"),
        ("", "", "vendas marco.csv", "unknown"),
        ("", "", "tabela de preços de venda.csv", "prices"),
        ("", "", "x.csv", "prices"),
    ],
)
def test_a_buyer_a_payment_or_a_name_of_sales_beside_prices_of_units_tells_of_sales(
    name: str, told: str, file: str, kind: str
) -> None:
    header, cell = (f"{name};", f"{told};") if name else ("", "")
    found = understand(replace(raw(cells(UNIT_PRICES.format(header, cell, cell))), filename=file), ["own_store"])

    assert (found.report.kind, found.report.asks) == (kind, kind == "unknown")
    assert kind != "sales" or sold(found)["revenue"].sum() == 50


@pytest.mark.parametrize(
    ("where", "kind"),
    [("planilha “Plan1”", "unknown"), ("planilha “Itens vendidos”", "unknown"), ("planilha “Produtos”", "prices")],
)
def test_a_file_of_sales_tells_nothing_of_a_sheet_with_a_name_of_its_own(where: str, kind: str) -> None:
    table = replace(raw(cells(UNIT_PRICES.format("", "", "")), where), filename="vendas.xlsx")

    assert understand(table, ["own_store"]).report.kind == kind


def test_days_of_payout_beside_what_was_sold_make_no_report_of_payouts() -> None:
    head = "Date of sale;Item title;Item price;Total;Estimated payout date;Payout arrival date"
    rows = "10/03/2026;Coat;20,00;25,00;14/03/2026;15/03/2026\n11/03/2026;Scarf;35,00;40,00;15/03/2026;16/03/2026"
    dates = "2026-03-10;25,00;14/03/2026;Paid;R-1\n2026-03-11;40,00;15/03/2026;Paid;R-2"

    assert reading(f"{head}\n{rows}").report.kind != "payouts"
    assert reading(f"Date;Amount;Payout date;Payout status;Payout ID\n{dates}").report.kind == "payouts"


def test_a_balance_beside_a_day_is_no_stock() -> None:
    assert reading("Data;Saldo\n01/03/2026;1.200,50\n02/03/2026;900,00").report.kind == "unknown"
    assert reading("Data;Saldo final\n01/03/2026;1.200,50\n02/03/2026;900,00").report.kind == "payouts"
    assert reading("Data;Produto;Saldo atual\n01/03/2026;Mesa;12\n02/03/2026;Cama;9").report.kind == "stock"


def test_goals_by_product_of_people_who_are_active_are_no_stock() -> None:
    goals = "Código;Produto;jan;fev;Total;Status\n10;Trator;5000;6000;11000;Ativo\n11;Arado;50;70;120;Inativo"
    offers = "Código;Produto;Preço;Status\n10;Trator;5000,00;Ativo\n11;Arado;50,00;Inativo"

    assert (reading(goals).report.kind, reading(offers).report.kind) == ("unknown", "stock")
