"""Rows that sum up the days from a first to a last one: no sale is of the first, and the period is of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.intake.layouts import Reading
from gateway.intake.layouts.from_to import FROM_TO
from gateway.intake.settling import settled
from tests.unit.gateway.intake.tables import cells, raw, sold

HEAD = "data_inicial;data_final;pedidos;itens;faturamento"
ROW = "01/05/2026;20/05/2026;40;55;9000,50"


def _read(*lines: str) -> Reading:
    return settled(replace(raw(cells("\n".join(lines))), filename="resumo.csv"), ["own_store"])


def test_a_row_of_sums_is_of_all_of_its_days() -> None:
    found = _read(HEAD, ROW)
    lines = sold(found)

    assert found.period == (date(2026, 5, 1), date(2026, 5, 20))
    assert lines["at"].null_count() == 1
    assert (lines["revenue"].sum(), lines["units"].sum(), lines["counted_orders"].sum()) == (9000.5, 55, 40)
    assert FROM_TO.format(first="data_inicial", last="data_final") in found.report.warnings


@pytest.mark.parametrize(
    "lines",
    [
        (HEAD, ROW.replace("20/05", "01/05")),  # of one day
        (HEAD, ROW.replace("01/05", "25/05")),  # the last before the first
        (HEAD.replace("data_final", "data_da_coleta"), ROW),
        (HEAD.replace("data_inicial", "data"), ROW),  # a day that is called the sale's
        (HEAD.replace("pedidos", "Número do pedido"), ROW),
    ],
)
def test_days_that_are_no_span_stay_days(lines: tuple[str, ...]) -> None:
    found = _read(*lines)

    assert found.period is None
    assert not any("de quando a quando" in told for told in found.report.warnings)
