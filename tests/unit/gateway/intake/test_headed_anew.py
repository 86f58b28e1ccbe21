"""Two exports in one file: below the second header the cells stand in other columns."""

from __future__ import annotations

from gateway.intake.layouts import understand
from gateway.intake.layouts.headed_anew import headed_anew
from gateway.intake.layouts.parts import tables_of
from tests.unit.gateway.intake.tables import cells, raw

FIRST = """index;Date;Month;Buyer;SKU;Units;Rate;Gross amount
0;2026-03-01;Mar-26;Zuleica;K-1;2;10.50;21.00
1;2026-03-02;Mar-26;Teobaldo;K-2;1;8.25;8.25"""
SECOND = """2;Buyer;Date;Month;SKU;Rate;Units;Gross amount
3;Ilse;2026-04-01;Apr-26;K-3;4.00;5;20.00
4;Zuleica;2026-04-02;Apr-26;K-1;10.50;3;31.50"""


def test_each_part_is_read_by_its_own_header() -> None:
    parts = tables_of(raw(cells(f"{FIRST}\n{SECOND}")))
    lines = [understand(part, ["own_store"]).lines for part in parts]

    assert [None if one is None else one["units"].to_list() for one in lines] == [[2, 1], [5, 3]]
    assert [None if one is None else one["revenue"].sum() for one in lines] == [29.25, 51.5]
    assert [None if one is None else one["row"].to_list() for one in lines] == [[2, 3], [5, 6]]


def test_the_same_header_again_parts_nothing() -> None:
    again = raw(cells(f"{FIRST}\n{FIRST}"))

    assert headed_anew(again) == [again]


def test_few_names_part_nothing() -> None:
    few = raw(cells("SKU;Units;Rate\nK-1;2;10.50\nRate;SKU;Units\n8.25;K-2;1"))

    assert headed_anew(few) == [few]
    other = raw(cells(f"{FIRST}\nDate;Month;x;x;x;x;x;x"))
    assert headed_anew(other) == [other]


def test_numbers_that_come_again_part_nothing() -> None:
    crossed = raw(cells("5;0;2;0;1;0\n8;1;0;2;0;0\n9;0;1;0;2;0"))

    assert headed_anew(crossed) == [crossed]
