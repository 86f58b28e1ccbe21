"""A till's report by day: gross sales still have what was cancelled, and the net ones show it."""

from gateway.intake.layouts.cancelled_amounts import LESS, UNSURE
from tests.unit.gateway.intake.tables import reading, sold

DAYS = [("3.210,50", "0,00", "12,00", "3.198,50"), ("2.870,00", "150,00", "0,00", "2.720,00"),
        ("4.001,10", "80,10", "20,00", "3.901,00"), ("1.999,99", "0,00", "0,00", "1.999,99")]  # fmt: skip


def till(header: str, rows: list[str]) -> str:
    return "\n".join([header, *(f"0{n}/10/2026;{n + 1200};{row}" for n, row in enumerate(rows, start=1))])


def test_what_was_cancelled_is_taken_off_the_gross_sales_of_a_z_report() -> None:
    rows = [";".join(day) for day in DAYS]
    found = reading(till("Data;CRZ;Venda Bruta;Cancelamentos;Descontos;Venda Líquida", rows))

    assert round(sold(found)["revenue"].sum(), 2) == 11819.49
    assert (
        LESS.format(column="Cancelamentos", amount="230,10", total="Venda Líquida", revenue="Venda Bruta")
        in found.report.warnings
    )


def test_it_is_so_without_a_discount_too() -> None:
    rows = [f"{gross};{gone};{net}" for gross, gone, off, net in DAYS if off == "0,00"] * 3
    found = reading(till("Data;CRZ;Venda Bruta;Cancelamentos;Venda Líquida", rows))

    assert round(sold(found)["revenue"].sum(), 2) == 3 * 4719.99


def test_gross_sales_that_nothing_holds_against_what_was_cancelled_are_told() -> None:
    found = reading(till("Data;CRZ;Venda Bruta;Cancelamentos", [f"{gross};{gone}" for gross, gone, _, _ in DAYS]))

    assert round(sold(found)["revenue"].sum(), 2) == 12081.59
    assert UNSURE.format(column="Cancelamentos", amount="230,10", revenue="Venda Bruta") in found.report.warnings


def test_sales_that_are_net_of_it_already_stay() -> None:
    rows = [f"{net};{gone};{gross}" for gross, gone, off, net in DAYS if off == "0,00"] * 3
    found = reading(till("Data;CRZ;Vendas (R$);Cancelamentos;Antes", rows))

    assert round(sold(found)["revenue"].sum(), 2) == 3 * 4719.99
