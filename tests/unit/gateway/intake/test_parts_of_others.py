"""A sheet of all shops beside the sheet of each, without numbers of orders: each sale counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.gateway.intake.test_orders_beside import Rows, facts_of, figures

HEAD: list[object] = ["Data", "Produto", "Qtd", "Valor Unit.", "Valor Total"]


def of_shop(shop: int, *, first: int = 1) -> Rows:
    names = ("Copo", "Prato", "Vaso")
    return [
        [f"{day:02d}/03/2026", names[day % 3], shop, 10.0 + day, shop * (10.0 + day)] for day in range(first, first + 8)
    ]


def test_the_sheet_of_all_shops_has_the_sales_of_each(tmp_path: Path) -> None:
    sheets = {"Centro": [HEAD, *of_shop(1)], "Norte": [HEAD, *of_shop(2)], "Todas": [HEAD, *of_shop(1), *of_shop(2)]}

    assert figures(facts_of(tmp_path, sheets))["revenue"] == pytest.approx(3 * sum(10.0 + day for day in range(1, 9)))


def test_a_sheet_of_another_shop_is_no_part(tmp_path: Path) -> None:
    sheets = {"Centro": [HEAD, *of_shop(5)], "Norte": [HEAD, *of_shop(1), *of_shop(2)]}

    assert figures(facts_of(tmp_path, sheets))["revenue"] == pytest.approx(8 * sum(10.0 + day for day in range(1, 9)))
