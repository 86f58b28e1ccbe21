"""A report by day has the day in a row of its own above its sales, and a total below them."""

import datetime as dt

import pytest

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.parts import tables_of
from tests.unit.gateway.intake.tables import cells, raw, sold

HEADER = "Documento;Produto;Qtde;Vl. Unit.;Vl. Líquido"
REPORT = """
Data: 01/10/2026;;;;
20001;Boné;1;69,00;69,00
20002;Cinto;2;89,50;179,00
Total do dia;;3;;248,00
Data: 02/10/2026;;;;
20003;Boné;1;69,00;69,00
Total do dia;;1;;69,00
Total Geral;;4;;317,00
"""


def read(text: str) -> Reading:
    (table,) = tables_of(raw(cells(text)))
    return understand(table, ["own_store"])


@pytest.mark.parametrize("day", ["Data: {}", "{}", "Dia {}", "Movimento: {}", "{} - quinta-feira", "Data:;{}"])
def test_the_day_above_its_sales_is_theirs(day: str) -> None:
    text = REPORT
    for written in ("01/10/2026", "02/10/2026"):
        text = text.replace(f"Data: {written}", day.format(written))
    lines = sold(read(f"{HEADER}{text}"))

    assert lines["revenue"].to_list() == [69, 179, 69]
    assert lines["at"].dt.date().to_list() == [dt.date(2026, 10, 1)] * 2 + [dt.date(2026, 10, 2)]
    assert lines["order_id"].to_list() == ["20001", "20002", "20003"]
    assert lines["row"].to_list() == [3, 4, 7]


def test_days_of_a_column_stand_above_a_day_in_a_row() -> None:
    header = HEADER.replace("Documento", "Data")
    rows = ["05/10/2026;Boné;1;69,00;69,00", "01/10/2026;;;;", "06/10/2026;Cinto;1;89,50;89,50", "02/10/2026;;;;"]
    lines = sold(read("\n".join([header, *rows])))

    assert lines["at"].dt.day().to_list() == [5, 6]


def test_a_day_below_its_sales_is_not_that_of_the_next_ones() -> None:
    rows = REPORT.strip().splitlines()[1:]
    lines = sold(read("\n".join([HEADER, *rows[:2], "Data: 01/10/2026;;;;", rows[4], "Data: 02/10/2026;;;;"])))

    assert lines["at"].null_count() == lines.height
