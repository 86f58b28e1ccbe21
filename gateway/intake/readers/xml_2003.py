"""Reads Excel's XML of 2003, which back offices call `.xls`: every sheet, every cell as text."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Final

from lxml import etree

from gateway.intake.limits import Limits
from gateway.intake.progress import Progress, Tell, tell_nobody
from gateway.intake.readers.grid import Grid
from gateway.intake.refused import Refused
from gateway.intake.tables import AMBIGUOUS, NUMBER_MARK, RawDocument, RawTable

_OF_EXCEL: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_TAGS: Final = tuple(_OF_EXCEL + name for name in ("Worksheet", "Row"))
_CELL: Final = f"{_OF_EXCEL}Cell"
_DATA: Final = f"{_OF_EXCEL}Data"
_TYPE: Final = f"{_OF_EXCEL}Type"
_AMBIGUOUS: Final = re.compile(AMBIGUOUS)
_MIDNIGHT: Final = re.compile(r"T00:00:00(\.0+)?$")


def read_xml_2003(path: Path, limits: Limits, tell: Tell = tell_nobody) -> RawDocument:
    """Read all sheets, row by row; a number like `15.125` is marked (`NUMBER_MARK`). Raises `Refused`."""
    tables: list[RawTable] = []
    grid, rows = Grid(limits), 0
    try:
        with path.open("rb") as file:
            events = etree.iterparse(file, tag=_TAGS, resolve_entities=False, no_network=True, huge_tree=False)
            for _, element in events:
                if element.tag == _TAGS[1]:
                    _read_row(grid, element)
                else:
                    rows += grid.height
                    if grid.height:
                        tables.append(RawTable(f"planilha “{element.get(_OF_EXCEL + 'Name', '')}”", grid.frame()))
                    grid = Grid(limits, rows)
                    tell(Progress("sheet", len(tables), 0, rows))
                element.clear()
                while element.getprevious() is not None:  # else all that was read stays in memory
                    del element.getparent()[0]
    except (etree.LxmlError, ArithmeticError, ValueError) as error:
        raise Refused.because("unreadable", cause=type(error).__name__) from None
    return RawDocument(tables)


def _read_row(grid: Grid, row: etree._Element) -> None:
    grid.begin_row(_number(row, "Index"))
    for cell in row:
        if cell.tag != _CELL:
            continue
        text = next((_text(data) for data in cell if data.tag == _DATA), None)
        if cell.attrib:
            across, down = _number(cell, "MergeAcross") or 0, _number(cell, "MergeDown") or 0
            grid.put(text, across=1 + across, down=1 + down, at=_number(cell, "Index"))
        else:
            grid.put(text)


def _text(data: etree._Element) -> str:
    kind = data.get(_TYPE)
    text = (data.text if not len(data) else "".join(map(str, data.itertext()))) or ""
    if kind == "DateTime":
        return _MIDNIGHT.sub("", text)
    if kind != "Number" or text.isdecimal():
        return text.strip()
    number = f"{Decimal(text):f}"  # `1.5E-2` as well
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return NUMBER_MARK + number if _AMBIGUOUS.match(number) else number


def _number(element: etree._Element, name: str) -> int | None:
    value = element.get(_OF_EXCEL + name)
    return None if value is None else int(value)
