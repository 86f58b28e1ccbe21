"""Finds rows of an XLSX that a person marked by hand: struck through, or in a colour that a legend calls cancelled.

The library that reads the cells tells no styles. Of a damaged or a missing part no mark is known; the colour of a
legend is told all the same, so that the table says that no marked row was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import polars as pl

from gateway.intake.limits import MIB
from gateway.intake.readers.colours import COLOURS, name_of
from gateway.intake.refused import is_the_machines
from gateway.intake.sniff import DAMAGE
from gateway.intake.tables import Marks
from gateway.intake.values import folded

#: A larger sheet is a program's export: nobody strikes lines of it.
MOST_SHEET: Final = 16 * MIB
_MOST_STYLES: Final = 4 * MIB
_NAME: Final = rb"(?:[A-Za-z_][\w.-]*:)?"
_SHEET: Final = re.compile(rb"<" + _NAME + rb"sheet\s[^<>]*>")
_RELATION: Final = re.compile(rb"<" + _NAME + rb"Relationship\s[^<>]*>")
_ROW: Final = re.compile(rb"<" + _NAME + rb"row\b([^<>]*)(?<!/)>(.*?)</" + _NAME + rb"row>", re.DOTALL)
#: A cell that has something in it.
_CELL: Final = re.compile(rb"<" + _NAME + rb"c\b([^<>]*)(?<!/)>")
_NUMBER: Final = re.compile(rb'\sr="(\d{1,7})"')
_STYLE: Final = re.compile(rb'\ss="(\d{1,6})"')
_STRUCK: Final = re.compile(rb"<" + _NAME + rb'strike(?![^<>]*val="(?:0|false)")[^<>]*>')
_RGB: Final = re.compile(rb'rgb="(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})"')
_SOLID: Final = re.compile(rb'patternType="solid"')
_FORE: Final = re.compile(rb"<" + _NAME + rb"fgColor\s[^<>]*>")
#: What a legend says of a colour: `vermelho = cancelado`.
_GONE: Final = r"cancel|devolv|estorn|reembols|desist|returned|refund|anulad"
_SHORT: Final = 120
_ALONE: Final = 2


@dataclass(frozen=True, slots=True)
class _Style:
    struck: bool
    colours: frozenset[str]


def marks_of(path: Path, sheets: Mapping[str, pl.DataFrame]) -> dict[str, Marks]:
    """Return the marks of these sheets by their names; only of those that have some. Raises OSError of the machine."""
    legend = next((told for frame in sheets.values() if (told := _legend(frame))), "")
    unseen = {name: Marks(colour=legend) for name in sheets} if legend else {}
    try:
        with ZipFile(path) as archive:
            styles = _styles(_read(archive, "xl/styles.xml", _MOST_STYLES))
            if not any(one.struck or (legend and legend in one.colours) for one in styles):
                return unseen
            parts = _parts(archive)
            known = [name for name in sheets if name in parts]
            return unseen | {name: _marks(_read(archive, parts[name], MOST_SHEET), styles, legend) for name in known}
    except (KeyError, *DAMAGE) as error:
        if is_the_machines(error):
            raise
        return unseen


def _legend(frame: pl.DataFrame) -> str:
    """Return the colour that a note of the sheet, which stands in a row alone, calls that of no sale."""
    alone = pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32)) <= _ALONE
    for column in frame.filter(alone):
        short = column.filter((column.str.len_chars() <= _SHORT).fill_null(value=False)).to_frame("text")
        texts = short.select(folded(pl.col("text"))).to_series()
        for text in texts.filter(texts.str.contains(_GONE)).to_list():
            found = next((name for name, words in COLOURS.items() if re.search(rf"\b({words})\b", text)), "")
            if found:
                return found
    return ""


def _marks(xml: bytes, styles: list[_Style], legend: str) -> Marks:
    struck, coloured = set[int](), set[int]()
    for number, cells in _rows(xml):
        own = [styles[style] for style in cells if style < len(styles)]
        if sum(one.struck for one in own) * 2 > len(cells):
            struck.add(number)
        if legend and len(cells) > 1 and sum(legend in one.colours for one in own) * 2 > len(cells):
            coloured.add(number)
    return Marks(frozenset(struck), frozenset(coloured), legend)


def _rows(xml: bytes) -> Iterator[tuple[int, list[int]]]:
    """Yield the number of each row and the styles of its filled cells."""
    at = 0
    for row in _ROW.finditer(xml):
        told = _NUMBER.search(b" " + row[1])
        at = int(told[1]) if told else at + 1
        cells = [_STYLE.search(cell[1]) for cell in _CELL.finditer(row[2])]
        if cells:
            yield at, [int(one[1]) if one else 0 for one in cells]


def _styles(xml: bytes) -> list[_Style]:
    """Return the styles that cells name by their place."""
    fonts = [(_STRUCK.search(one) is not None, _colour(one)) for one in _within(xml, b"fonts", b"font")]
    fills = [
        _colour(fore[0]) if _SOLID.search(one) and (fore := _FORE.search(one)) else ""
        for one in _within(xml, b"fills", b"fill")
    ]
    found = []
    for one in _within(xml, b"cellXfs", b"xf"):
        font, fill = _place(one, b"fontId", len(fonts)), _place(one, b"fillId", len(fills))
        is_struck, ink = fonts[font] if font is not None else (False, "")
        ground = fills[fill] if fill is not None else ""
        found.append(_Style(is_struck, frozenset({ink, ground} - {""})))
    return found


def _within(xml: bytes, group: bytes, name: bytes) -> list[bytes]:
    """Return the elements of this name within the group, each as it is written."""
    around = re.search(rb"<" + _NAME + group + rb"\b[^<>]*>(.*?)</" + _NAME + group + rb">", xml, re.DOTALL)
    one = rb"<" + _NAME + name + rb"(?=[\s/>])(?:[^<>]*/>|[^<>]*>.*?</" + _NAME + name + rb">)"
    return [] if around is None else re.findall(one, around[1], re.DOTALL)


def _place(xf: bytes, name: bytes, count: int) -> int | None:
    found = re.search(rb"\s" + name + rb'="(\d{1,6})"', xf)
    return int(found[1]) if found and int(found[1]) < count else None


def _colour(xml: bytes) -> str:
    found = _RGB.search(xml)
    return name_of(found[1].decode()) if found else ""


def _parts(archive: ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its name."""
    targets = {
        _attribute(one, rb"Id"): _attribute(one, rb"Target")
        for one in _RELATION.findall(_read(archive, "xl/_rels/workbook.xml.rels", _MOST_STYLES))
    }
    found = {}
    for one in _SHEET.findall(_read(archive, "xl/workbook.xml", _MOST_STYLES)):
        target = targets.get(_attribute(one, rb"\w+:id"), "")
        found[_attribute(one, rb"name")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _attribute(xml: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', xml)
    return unescape(found[1].decode("utf-8")) if found else ""


def _read(archive: ZipFile, part: str, most: int) -> bytes:
    """Return a part; nothing of one that is larger."""
    told = archive.getinfo(part)
    if told.file_size > most:
        return b""
    with archive.open(told) as content:
        return content.read(most)
