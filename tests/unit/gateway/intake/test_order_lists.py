"""Lists of orders without their items, as PrestaShop and ERPs have them: sales where something was sent, no bills."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.lines import CANCELLED, SOLD, UNPAID
from tests.unit.gateway.intake.tables import reading, sold

PRESTASHOP = (
    "ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date\n"
    "3;XKBKNABJK;1;Spain;J. Perez;1.234,50 €;Bank wire;Delivered;2026-03-01 10:00:00\n"
    "2;OHSATSERP;0;Spain;J. Perez;20,00 €;Check;Awaiting check payment;2026-03-02 10:00:00\n"
    "1;UOYEVOLI;0;Spain;J. Perez;30,00 €;Bank wire;Canceled;2026-03-03 10:00:00"
)
LIST = "Número;Data;{who};Situação;Valor\n1;01/03/2026;Maria;{first};150,00\n2;02/03/2026;Ana;{second};80,50"


def test_orders_of_a_shop_are_sales_by_their_totals() -> None:
    lines = sold(reading(PRESTASHOP))

    assert lines["order_id"].to_list() == ["3", "2", "1"]
    assert lines["revenue"].to_list() == [1234.5, 20, 30]
    assert lines["status"].to_list() == [SOLD, UNPAID, CANCELLED]
    assert set(lines["currency"]) == {"EUR"}
    assert lines["units"].null_count() == 3


def test_orders_of_magento_are_sales_by_their_totals() -> None:
    lines = sold(
        reading(
            "ID;Purchase Point;Purchase Date;Bill-to Name;Grand Total (Base);Grand Total (Purchased);Status\n"
            "000000102;Main Website;Mar 01, 2026 10:00:00 AM;A B;R$1,234.50;R$1,234.50;Complete\n"
            "000000101;Main Website;Mar 02, 2026 10:00:00 AM;A B;R$20.00;R$20.00;Pending Payment"
        )
    )

    assert lines["revenue"].to_list() == [1234.5, 20]
    assert lines["status"].to_list() == [SOLD, UNPAID]


def test_orders_of_an_erp_are_sales_by_their_totals() -> None:
    lines = sold(reading(LIST.format(who="Cliente", first="Atendido", second="Cancelado")))

    assert lines["revenue"].to_list() == [150, 80.5]
    assert lines["status"].to_list() == [SOLD, CANCELLED]


@pytest.mark.parametrize(
    ("who", "first", "second"),
    [("Cliente", "Pago", "Em aberto"), ("Fornecedor", "Entregue", "Entregue"), ("Proveedor", "Entregado", "Enviado")],
)
def test_bills_and_purchases_are_asked_about(who: str, first: str, second: str) -> None:
    found = reading(LIST.format(who=who, first=first, second=second))

    assert found.lines is None
    assert found.report.asks
