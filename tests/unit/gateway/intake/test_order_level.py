"""Amounts of whole orders beside their rows: totals after a discount, freight in a total, freight with a code."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from gateway.intake.figures.repeats import without_repeats
from gateway.intake.layouts.bare import FREIGHT
from gateway.intake.layouts.lines import LINES
from tests.unit.gateway.intake.tables import fields, reading, sold

#: Parcels of two products, each with the parcel's sum, after a discount that the list price does not have.
PARCELS = """
Номер заказа;Принят в обработку;Сумма отправления;Наименование товара;Артикул;Количество;Цена товара до скидок
7-1;2026-03-02 10:00:00;300.00;Чашка;A-1;1;125.00
7-1;2026-03-02 10:00:00;300.00;Лампа;B-2;1;250.00
7-2;2026-03-03 10:00:00;500.00;Лампа;B-2;2;250.00
7-2;2026-03-03 10:00:00;500.00;Чашка;A-1;1;125.00
7-3;2026-03-04 10:00:00;600.00;Ковёр;C-3;1;500.00
7-3;2026-03-04 10:00:00;600.00;Лампа;B-2;1;250.00
7-4;2026-03-05 10:00:00;100.00;Чашка;A-1;1;125.00
"""


def test_a_sum_that_all_rows_of_an_order_repeat_counts_once_below_the_list_prices_too() -> None:
    lines = sold(reading(PARCELS))

    assert lines["revenue"].sum() == pytest.approx(1500)


def test_the_rows_own_amounts_count_where_they_add_up_to_the_sum_of_each_order() -> None:
    own = ("100", "200", "400", "100", "400", "200", "100")
    head, *rows = PARCELS.strip().splitlines()
    text = "\n".join(
        [f"{head};Итоговая стоимость товара", *(f"{row};{one}" for row, one in zip(rows, own, strict=True))]
    )

    assert sold(reading(text))["revenue"].to_list() == [float(one) for one in own]


def test_rows_of_one_order_that_cost_the_same_are_rows() -> None:
    same = PARCELS.replace("300.00", "100.00").replace("500.00", "100.00").replace("600.00", "100.00")

    assert sold(reading(same.replace("250.00", "125.00").replace("500.00", "125.00")))["revenue"].sum() == 700


DAYS = [datetime(2026, 3, day) for day in (1, 2)]  # noqa: DTZ001
HEADS: list[dict[str, Any]] = [
    {"order_id": "1", "at": DAYS[0], "revenue": 112.0, "shipping": 12.0, "status": "sold"},
    {"order_id": "2", "at": DAYS[1], "revenue": 59.0, "shipping": 9.0, "status": "cancelled"},
]
ITEMS: list[dict[str, Any]] = [
    {"order_id": "1", "sku": "A", "units": 1.0, "revenue": 75.0},
    {"order_id": "1", "sku": "B", "units": 2.0, "revenue": 25.0},
    {"order_id": "2", "sku": "A", "units": 1.0, "revenue": 50.0},
]


def test_orders_whose_total_has_the_freight_are_those_of_their_items() -> None:
    """The total less the freight is the items': the buyer paid it, so it is no cost of the seller's."""
    alone = {"order_id": "3", "at": DAYS[1], "revenue": 20.0, "shipping": 5.0, "status": "sold"}
    tables = enumerate(([*HEADS, alone], ITEMS))
    rows = [{"table": n, "row": m} | row for n, table in tables for m, row in enumerate(table)]
    found = without_repeats(pl.DataFrame(rows, schema=LINES).with_columns(pl.col("sku").alias("product")))

    assert (sorted(found.lines["revenue"]), found.repeated) == ([15, 25, 50, 75], 2)
    assert found.lines.filter(pl.col("status") == "cancelled")["revenue"].to_list() == [50]
    assert found.lines["shipping"].null_count() == 4


FREIGHTS = """
Pedido;Data;SKU;Descrição;Quantidade;Valor total
1;02/03/2026;A-1;Caneca;1;50,00
1;02/03/2026;FRETE;Frete;1;12,00
2;03/03/2026;B-2;Lâmpada;2;80,00
2;03/03/2026;{code};Frete;1;15,00
3;04/03/2026;A-1;Caneca;1;50,00
"""


def test_freight_that_has_a_code_of_its_own_is_no_product() -> None:
    found = reading(FREIGHTS.format(code="ENVIO"))

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (180, 4)
    assert FREIGHT.format(rows=2) in found.report.warnings


def test_freight_whose_code_several_rows_of_freight_have_is_no_product() -> None:
    found = reading(FREIGHTS.replace(";FRETE;", ";999;").format(code="999"))

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (180, 4)
    assert sold(reading(FREIGHTS.replace(";FRETE;", ";A-1;").format(code="A-1")))["revenue"].sum() == 207, "goods' code"


def test_a_product_that_is_called_freight_and_has_a_products_code_stays() -> None:
    assert sold(reading(FREIGHTS.format(code="F-9")))["revenue"].sum() == 195


COUPONS = """
codigo_pedido;data;ref_produto;quantidade;preco_venda;{name};frete_pedido;total_pedido
1;02/03/2026;A-1;1;100.00;15.00;20.00;155.00
1;02/03/2026;B-2;1;50.00;15.00;20.00;155.00
2;03/03/2026;A-1;2;100.00;0.00;20.00;220.00
3;04/03/2026;B-2;2;50.00;10.00;0.00;90.00
"""


@pytest.mark.parametrize("name", ["desconto_cupom_pedido", "valor_cupom", "order_coupon_discount"])
def test_what_a_coupon_took_off_an_order_is_its_discount(name: str) -> None:
    found = reading(COUPONS.format(name=name))

    assert fields(found)["discount"] == name
    assert sold(found)["revenue"].sum() == pytest.approx(425)
    assert "shipping" not in fields(found) or sold(found)["shipping"].null_count() == 4


def test_the_rows_own_total_counts_beside_the_orders_with_its_tax() -> None:
    text = (
        "Order #;Order Date;Item;SKU;Qty;Unit Price;Discount $;Line Total;Tax;Order Total\n"
        "#1;2026-03-02;Cup;A;2;10.50;1.00;20.00;1.40;53.50\n#1;2026-03-02;Plate;B;1;30.00;0.00;30.00;2.10;53.50\n"
        "#2;2026-03-03;Cup;A;1;10.50;0.00;10.50;0.74;11.24\n#3;2026-03-04;Cup;A;3;10.50;0.50;31.00;2.17;33.17"
    )
    whole = text.replace("53.50", "45.00")  # less a discount that no column tells: the order's is what was paid

    assert sold(reading(text))["revenue"].to_list() == [20, 30, 10.5, 31]
    assert fields(reading(whole))["revenue"] == "Order Total"
