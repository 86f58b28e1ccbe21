"""Rows that are no sales by what another column says: not paid, or written off; and days that nobody can tell."""

import pytest

from gateway.intake.layouts.lines import SOLD, UNPAID
from gateway.intake.layouts.taken_back import WRITTEN_OFF
from tests.unit.gateway.intake.tables import reading, sold

PAID = """
Data;Produto;Qtd;Valor total;{name};Entregue?
02/03/2026;Caneca;1;50,00;{yes};{yes}
03/03/2026;Lâmpada;2;80,00;{no};{no}
04/03/2026;Caneca;1;50,00;{yes};{no}
"""


@pytest.mark.parametrize("name", ["Pago?", "Pago", "Foi pago?", "Paid?", "Recebido?"])
@pytest.mark.parametrize(("yes", "no"), [("TRUE", "FALSE"), ("Sim", "Não"), ("x", "n")])
def test_a_row_that_is_answered_not_to_be_paid_is_unpaid(name: str, yes: str, no: str) -> None:
    lines = sold(reading(PAID.format(name=name, yes=yes, no=no)))

    assert lines["status"].to_list() == [SOLD, UNPAID, SOLD]


def test_without_a_single_payment_the_column_may_be_kept_by_nobody() -> None:
    lines = sold(reading(PAID.format(name="Pago?", yes="FALSE", no="FALSE")))

    assert UNPAID not in lines["status"].to_list()


def test_stock_that_was_written_off_is_neither_a_sale_nor_a_return() -> None:
    found = reading("""
Invoice;StockCode;Description;Quantity;InvoiceDate;Price
489434;85048;LAMP;12;2026-03-02 07:45:00;6.95
489435;22350;BOWL;6;2026-03-02 07:46:00;2.00
C489436;85048;LAMP;-2;2026-03-03 09:00:00;6.95
489464;22350;damages;-90;2026-03-04 10:33:00;0.00
489465;85048;GIFT;1;2026-03-05 10:33:00;0.00
""")
    lines = sold(found)

    assert lines["units"].sum() == 19
    assert lines["order_id"].drop_nulls().n_unique() == 3
    assert (lines["revenue"].sum(), lines["refund"].sum(), lines["returned_units"].sum()) == pytest.approx(
        (95.4, 13.9, 2)
    )
    assert WRITTEN_OFF.format(rows=1, units="90,00") in found.report.warnings


def test_days_that_may_be_months_leave_no_period_of_those_that_may_not_differ() -> None:
    """`01/01` and `02/02` are sure alone, and a period of them is not that of the sales."""
    days = [f"0{m}/0{d}/2026" for m in (1, 2, 3, 4) for d in (2, 1, 4, 3)]
    rows = "\n".join(f"{n};{day};P;1;{n}.50" for n, day in enumerate(days, 1))
    found = reading(f"Order ID;Order Date;Product;Quantity;Total\n{rows}")

    assert sold(found)["at"].null_count() == 16
