"""Tables of costs and stock: known by names and content, in three languages; wrong rows change nothing and are told."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations

import pytest

from gateway.intake.goods import Cost, Goods, Stock, against, dated, over
from gateway.intake.goods_told import told
from gateway.intake.kept import Kept
from gateway.intake.layouts import Reading
from gateway.intake.settling import settled
from tests.unit.gateway.intake.tables import cells, raw

NAMES = {
    "pt": {"sku": "Código SKU", "title": "Produto", "cost": "Custo unitário (R$)", "tax": "Alíquota de imposto"},
    "pt short": {"sku": "cod_produto", "title": "Descrição", "cost": "Vlr. Custo R$", "tax": "Imposto (%)"},
    "en": {"sku": "SKU", "title": "Product name", "cost": "Unit cost (BRL)", "tax": "Tax rate"},
    "en snake": {"sku": "seller_sku", "title": "item_name", "cost": "cost_price_brl", "tax": "vat_rate"},
    "es": {"sku": "Código de producto", "title": "Artículo", "cost": "Costo unitario (BRL)", "tax": "Tasa de impuesto"},
}
ROWS = [
    {"sku": "CAM-01", "title": "Camisa", "cost": "20,50", "tax": "6%"},
    {"sku": "CAL-02", "title": "Calça", "cost": "1.030,00", "tax": "12%"},
    {"sku": "MEI-03", "title": "Meia", "cost": "3,20", "tax": "6%"},
]


def found(text: str, currency: str = "", mapping: dict[str, str] | None = None) -> Reading:
    return settled(raw(cells(text)), [], {"*": mapping} if mapping else None, currency)


def goods(text: str, currency: str = "", mapping: dict[str, str] | None = None) -> Goods:
    read = found(text, currency, mapping)
    assert read.goods is not None, read.report
    return read.goods


def table(names: dict[str, str], order: tuple[str, ...]) -> str:
    lines = [";".join(names[field] for field in order)]
    return "\n".join([*lines, *(";".join(row[field] for field in order) for row in ROWS)])


def plain(costs: list[Cost]) -> list[Cost]:
    return [replace(one, row=0) for one in costs]


WANTED = [
    Cost("CAM-01", 20.5, "Camisa", "", None, 0.06, "BRL"),
    Cost("CAL-02", 1030.0, "Calça", "", None, 0.12, "BRL"),
    Cost("MEI-03", 3.2, "Meia", "", None, 0.06, "BRL"),
]


@pytest.mark.parametrize("order", list(permutations(("sku", "title", "cost", "tax")))[::5])
@pytest.mark.parametrize("language", NAMES)
def test_the_same_costs_are_read_whatever_columns_are_called_and_wherever_they_stand(
    language: str, order: tuple[str, ...]
) -> None:
    read = goods(table(NAMES[language], order))

    assert plain(read.costs) == WANTED
    assert (read.wrong, read.without, read.stock) == ([], [], [])


def test_a_table_of_costs_gives_no_sales_and_says_what_was_read() -> None:
    read = found("SKU;Custo;Embalagem\nA;10,00;1,50\nB;20,00;")

    assert (read.report.kind, read.report.layout, read.report.asks, read.lines) == ("costs", "goods", False, None)
    assert {c.field: c.header for c in read.report.columns if c.field} == {
        "sku": "SKU",
        "cost": "Custo",
        "packaging": "Embalagem",
    }
    assert read.report.warnings == told(goods("SKU;Custo;Embalagem\nA;10,00;1,50\nB;20,00;"))
    assert "2 SKUs com custo lido" in read.report.warnings[0]


@pytest.mark.parametrize(
    ("text", "currency", "packaging", "said"),
    [
        (
            "SKU;Custo (R$);Embalagem (US$)\nA;10,00;1,50",
            "BRL",
            None,
            "“Embalagem (US$)” tem valores em USD, e o custo",
        ),
        (
            "SKU;Custo;Embalagem;Moeda\nA;10,00;R$ 1,50;USD",
            "USD",
            None,
            "valores em BRL, e o custo está em USD: 1 valor",
        ),
        ("SKU;Custo;Embalagem (R$);Moeda\nA;10,00;1,50;BRL", "BRL", 1.5, ""),
        ("SKU;Custo unitário;Embalagem\nA;10,00;US$ 1,50", "USD", 1.5, ""),  # nothing else tells what the cost is in
    ],
)
def test_packaging_in_another_currency_than_the_cost_is_left_out_and_told_as_such(
    text: str, currency: str, packaging: float | None, said: str
) -> None:
    read = found(text)
    assert read.goods is not None
    (cost,) = read.goods.costs

    assert (cost.unit_cost, cost.packaging, cost.currency) == (10.0, packaging, currency)
    foreign = [one for one in read.report.warnings if "valores em" in one]
    assert (said in " ".join(foreign), bool(foreign)) == (True, bool(said))
    assert not [one for one in foreign if "venda" in one]


def test_wrong_rows_are_told_with_their_numbers_and_give_no_cost() -> None:
    read = goods(
        "SKU;Custo;Imposto (%)\nA;10,00;6\n;5,00;6\nB;abc;6\nC;-3,00;6\nD;7,00;99\nE;8,00;6\nE;9,00;6"
        "\nF;4,00;6\nF;4,00;6"
    )

    assert [one.sku for one in read.costs] == ["A", "F"]
    assert [(one.row, one.why) for one in read.wrong] == [
        (3, "no_sku"),
        (4, "no_number"),
        (5, "negative"),
        (6, "tax"),
        (7, "twice"),
        (8, "twice"),
    ]
    assert read.wrong_rows == 6
    assert any("Linha(s) 7, 8 com o mesmo SKU e custos diferentes" in text for text in told(read))


def test_a_cost_that_is_not_filled_in_is_no_cost_of_nothing() -> None:
    read = goods("SKU;Custo\nA;10,00\nB;\nC;0,00\nD;-")

    assert [one.sku for one in read.costs] == ["A"]
    assert read.without == ["B", "C", "D"]
    assert read.wrong == []


@pytest.mark.parametrize(
    ("header", "values", "wanted"),
    [
        ("Imposto (%)", ["6", "12,5"], [0.06, 0.125]),
        ("Alíquota", ["0,06", "0,125"], [0.06, 0.125]),
        ("Imposto", ["6%", "12,5%"], [0.06, 0.125]),
        ("Tax rate", ["0.06", "0.125"], [0.06, 0.125]),
        ("ICMS", ["6,00", "12,50"], [None, None]),  # it may be an amount
    ],
)
def test_a_tax_counts_where_it_is_a_rate(header: str, values: list[str], wanted: list[float | None]) -> None:
    read = goods(f"SKU;Custo (R$);{header}\nA;10,00;{values[0]}\nB;20,00;{values[1]}")

    assert [one.tax_rate for one in read.costs] == wanted


@pytest.mark.parametrize(
    ("text", "currency", "wanted"),
    [
        ("SKU;Custo\nA;10,00", "", "BRL"),  # reais are what is counted in Portuguese here
        ("SKU;Unit cost (USD)\nA;10.00", "", "USD"),
        ("SKU;Unit cost;Currency\nA;10.00;EUR", "", "EUR"),
        ("SKU;Unit cost\nA;US$ 10.00", "", "USD"),
        ("SKU;Unit cost\nA;10.00", "ARS", "ARS"),
        ("SKU;Costo unitario\nA;10,00", "", ""),
        ("SKU;Unit cost\nA;10.00", "", ""),
    ],
)
def test_the_currency_is_told_or_the_cost_is_not_kept(text: str, currency: str, wanted: str) -> None:
    read = goods(text, currency)

    assert [one.currency for one in read.costs] == ([wanted] if wanted else [])
    assert [one.why for one in read.wrong] == ([] if wanted else ["no_currency"])


def test_a_total_is_no_cost_of_a_unit() -> None:
    read = goods("SKU;Estoque;Custo médio;Custo total\nA;10;2,50;25,00\nB;4;3,00;12,00")

    assert [(one.sku, one.unit_cost) for one in read.costs] == [("A", 2.5), ("B", 3.0)]
    assert [(one.sku, one.quantity) for one in read.stock] == [("A", 10.0), ("B", 4.0)]
    assert found("SKU;Estoque;Custo total\nA;10;25,00").goods == goods("SKU;Estoque\nA;10")


@pytest.mark.parametrize(
    "header",
    [
        "SKU;Produto;Estoque disponível;Estoque mínimo",
        "SKU;Product;Quantity on hand;Reserved stock",
        "SKU;Producto;Stock disponible;Stock mínimo",
    ],
)
def test_stock_is_what_is_on_hand_added_up_over_warehouses(header: str) -> None:
    read = goods(f"{header}\nA;Camisa;10;2\nA;Camisa;5;2\nB;Calça;0;2\nC;Meia;-1;2\nD;Luva;;2")

    assert [(one.sku, one.quantity, one.channel) for one in read.stock] == [("A", 15.0, ""), ("B", 0.0, "")]
    assert [(one.row, one.why) for one in read.wrong] == [(5, "negative")]


def test_stock_of_a_channel_is_that_channels() -> None:
    read = goods("SKU;Estoque;Canal;Data do estoque\nA;10;Shopee;31/03/2026\nA;7;Mercado Livre;31/03/2026")

    assert read.stock == [
        Stock("A", 10.0, "", "shopee", "2026-03-31"),
        Stock("A", 7.0, "", "mercado_livre", "2026-03-31"),
    ]


def test_costs_with_a_date_hold_from_then_on() -> None:
    read = goods("Data;SKU;Custo\n01/02/2026;A;10,00\n15/03/2026;A;12,00\nontem;B;3,00")

    assert [(one.since, one.unit_cost) for one in read.costs] == [("2026-02-01", 10.0), ("2026-03-15", 12.0)]
    assert [(one.row, one.why) for one in read.wrong] == [(4, "no_date")]
    assert [one.since for one in dated(goods("SKU;Custo\nA;1,00"), "2026-04-01").costs] == ["2026-04-01"]


def test_a_price_list_with_costs_tells_the_costs() -> None:
    read = found("SKU;Produto;Preço de custo;Preço de venda\nA;Camisa;20,00;50,00\nB;Calça;30,00;80,00")

    assert read.report.kind == "costs"
    assert read.goods is not None
    assert [one.unit_cost for one in read.goods.costs] == [20.0, 30.0]


@pytest.mark.parametrize(
    "text",
    [
        "Data;SKU;Produto;Quantidade;Receita;Custo\n01/03/2026;A;X;1;10,00;5,00\n02/03/2026;B;Y;1;9,00;4,00",
        "Data;Despesa;Centro de custo;Valor\n01/03/2026;Aluguel;Loja;1.500,00\n02/03/2026;Energia;Loja;350,00",
        "Produto;Custo unitário\nCamisa;20,00\nCalça;30,00",
    ],
)
def test_sales_expenses_and_costs_without_a_sku_are_no_goods(text: str) -> None:
    assert found(text).goods is None


def test_a_person_says_which_column_is_the_cost() -> None:
    text = "Ref;Artigo;Valor compra\nA;Camisa;20,00\nB;Calça;30,00"
    read = goods(text, "BRL", {"Ref": "sku", "Valor compra": "cost"})

    assert [(one.sku, one.unit_cost) for one in read.costs] == [("A", 20.0), ("B", 30.0)]


def test_what_a_list_lacks_stays_and_another_currency_is_wrong() -> None:
    kept = Goods(
        [
            Cost("A", 9.0, "Camisa", "2026-01-01", 1.0, 0.06, "BRL", 3),
            Cost("B", 5.0, "", "2026-01-01", None, None, "USD", 3),
        ]
    )
    own = Goods(
        [Cost("a", 10.0, "", "2026-03-01", None, None, "BRL"), Cost("B", 6.0, "", "2026-03-01", currency="BRL", row=4)]
    )

    beside = against(own, kept)

    assert beside.costs == [Cost("a", 10.0, "Camisa", "2026-03-01", 1.0, 0.06, "BRL")]
    assert [(one.row, one.why) for one in beside.wrong] == [(4, "currency_changed")]
    assert [(one.sku, one.since) for one in over(beside, kept).costs] == [
        ("A", "2026-01-01"),
        ("B", "2026-01-01"),
        ("a", "2026-03-01"),
    ]


def test_what_is_kept_reaches_the_reading_process_as_it_is() -> None:
    kept = Kept(Goods([*WANTED], [Stock("A", 7.0, "Camisa", "shopee", "2026-03-31", 3)]), 17, "2026-04-01", "BRL")

    assert Kept.from_dict(json.loads(json.dumps(kept.to_dict()))) == kept
