"""Tables that give no figure are told by name, with what to send instead; refused returns did not come back."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.returned import REJECTED
from gateway.intake.layouts.untold_shapes import AMOUNTS_ALONE, CROSSED, ORDERS_ALONE
from tests.unit.gateway.intake.tables import reading, sold


def test_refused_returns_did_not_come_back() -> None:
    rows = "\n".join(
        f"R{n};O{n};{'Defective' if n % 2 else 'Late'};{'Approved' if n % 3 else 'Rejected'}" for n in range(12)
    )
    found = reading(f"Return ID;Order ID;Reason;Decision\n{rows}", where="returns")

    assert found.returned is not None
    assert found.returned.height == 8
    assert REJECTED.format(rows=4, column="Decision") in found.report.warnings


def test_a_sheet_of_what_came_back_in_french_is_no_sales() -> None:
    rows = "\n".join(f"ES-{n};Oui" for n in range(1, 9))

    assert reading(f"ID commande;Retourné\n{rows}", where="planilha “Retours”").report.kind == "returns"


def test_what_goods_would_earn_is_no_revenue() -> None:
    names = "Товар;Артикул;Себестоимость;Скидка, %;Комиссия, %;Выручка;Маржинальность, %"
    found = reading(f"{names}\nКуртка;A1;2743,00;25%;17%;3688,00;12%\nКафтан;B2;2913,00;20%;25%;2517,65;7%")

    assert found.lines is None
    assert found.report.asks


def test_a_lone_amount_of_few_pieces_is_asked_about() -> None:
    pieces = "\n".join(f"A-{n};{n % 9}" for n in range(30))
    money = "\n".join(f"A-{n};{n % 9},90" for n in range(30))

    asked = reading(f"sku;amount\n{pieces}")
    assert (asked.lines, asked.report.asks) == (None, True)
    assert sold(reading(f"sku;amount\n{money}")).height == 30


def test_groups_side_by_side_are_told_by_name() -> None:
    shops = "\n".join(f"2026-01-{n:02};" + ";".join(str(n * place % 7) for place in range(1, 9)) for n in range(1, 20))
    assert CROSSED.format(columns=8) in reading(f"day;{';'.join(['P1', 'P2'] * 4)}\n{shops}").report.warnings
    alike = reading("Date;Sales_Product_A;Sales_Product_B;Sales_Product_C\n2026-01-01;3;4;5\n2026-01-02;6;7;8")
    assert CROSSED.format(columns=3) in alike.report.warnings
    weights = reading("Date;Weight;Height;Depth\n2026-01-01;3;4;5\n2026-01-02;6;7;8")
    assert not any("lado a lado" in one for one in weights.report.warnings)


@pytest.mark.parametrize(
    "table",
    [
        "id_orden;fecha_orden;destino_zona\n1;2026-03-05;1\n2;2026-03-06;1\n3;2026-03-07;4",
        "order_id;customer;status\nA-1;Ana;Shipped\nA-2;Bia;Delivered",
    ],
)
def test_orders_without_amounts_are_told_so(table: str) -> None:
    found = reading(table)

    assert found.lines is None
    assert ORDERS_ALONE in found.report.warnings


def test_amounts_of_nothing_are_told_so() -> None:
    told = AMOUNTS_ALONE.format(column="valor")

    assert told in reading("estado;valor\nSP;67836,43\nRJ;36678,66\nMG;29229,88").report.warnings
    assert told not in reading("data;valor\n2026-03-01;67836,43\n2026-03-02;36678,66").report.warnings
