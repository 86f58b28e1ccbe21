"""A sheet of few sales is read as the one beside it with the same header; whatever else is told of it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.intake.fields import Mappings
from gateway.intake.layouts import Reading, understand
from gateway.intake.same_header import AS_BESIDE, as_those_beside
from gateway.intake.tables import RawTable
from tests.unit.gateway.intake.tables import cells, raw, sold

HEAD = "Dia;Produto;Quantidade;Valor"
MANY = f"{HEAD}\n02/01/2026;A;1;10,50\n09/01/2026;B;2;40,00\n30/01/2026;A;3;31,50"
FEW = f"{HEAD}\n03/02/2026;A;2;21,00\n20/02/2026;B;1;20,00"
OTHERWISE = f"{HEAD}\n02/03/2026;A;1;10,50\n09/03/2026;B;2;20,00\n30/03/2026;A;3;10,50\n31/03/2026;B;5;20,00"


def _read(table: RawTable, said: Mappings | None = None) -> Reading:
    return understand(table, ["own_store"], said)


def _readings(*texts: str) -> list[Reading]:
    tables = [raw(cells(text)) for text in texts]
    return as_those_beside(tables, [_read(table) for table in tables], _read)


def test_a_month_of_few_sales_is_read_as_the_one_beside_it() -> None:
    first, second = _readings(MANY, FEW)

    assert [sold(one)["revenue"].sum() for one in (first, second)] == [82, 41]
    assert AS_BESIDE in second.report.warnings
    assert {one.by for one in second.report.columns if one.field} <= {"name", "content"}


@pytest.mark.parametrize("others", [(), (MANY, OTHERWISE), (MANY.replace("Quantidade", "Qtde"),)])
def test_alone_it_stays_unknown(others: tuple[str, ...]) -> None:
    *_, last = _readings(*others, FEW)

    assert (last.lines, last.report.asks) == (None, True)


def test_of_a_sheet_that_is_told_to_be_something_else_nothing_is_said() -> None:
    tables = [raw(cells(text)) for text in (MANY, FEW)]
    first, second = (_read(table) for table in tables)
    told = replace(second, report=replace(second.report, warnings=["São previsões."]))

    assert as_those_beside(tables, [first, told], _read) == [first, told]


def test_cells_that_contradict_the_sheet_beside_stand() -> None:
    *_, last = _readings(MANY, f"{HEAD}\n03/02/2026;A;2;x1\n20/02/2026;B;1;x2")

    assert last.lines is None
