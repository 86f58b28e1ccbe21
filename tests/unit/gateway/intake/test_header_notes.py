"""What a header says beside the name: thousands or millions, a formula, the sign of a number."""

import pytest

from gateway.intake.layouts.names import words
from tests.unit.gateway.intake.tables import reading, sold

MANY = """
Mês;Produto;Unidades;{name}
2026-01;Caneca;50;1,5
2026-01;Lâmpada;20;2,3
2026-02;Caneca;70;2,1
2026-02;Lâmpada;25;2,9
"""


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("Receita (R$ mil)", 1000),
        ("Receita (em milhares de R$)", 1000),
        ("Sales ($ thousands)", 1000),
        ("Revenue (in thousands)", 1000),
        ("Receita (R$ milhões)", 1_000_000),
        ("Receita (R$)", 1),
    ],
)
def test_amounts_in_thousands_are_worth_a_thousand_times(name: str, times: int) -> None:
    lines = sold(reading(MANY.format(name=name)))

    assert lines["revenue"].to_list() == pytest.approx([1.5 * times, 2.3 * times, 2.1 * times, 2.9 * times])


def test_a_formula_behind_a_name_is_no_part_of_it() -> None:
    assert words("Marketplace Fee (Rs.) = SUM(V:AD)") == words("Marketplace Fee")


def test_a_number_of_vouchers_is_no_discount() -> None:
    found = reading("""
Voucher No.;Date;Item Code;Qty;Rate;Value
17;13-03-2026;A-1;1;50.00;50.00
17;13-03-2026;B-2;2;40.00;80.00
18;14-03-2026;A-1;1;50.00;50.00
""")

    assert sold(found)["order_id"].to_list() == ["17", "17", "18"]
    assert sold(found)["discount"].null_count() == 3
