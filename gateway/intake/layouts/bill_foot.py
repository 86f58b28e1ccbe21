"""Reads the foot of a bill: what stands below its items is a total, a tax, freight or a discount, and no sale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.layouts.freight_names import IS_FREIGHT
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.sum_labels import kind_of_label
from gateway.intake.values import CENTS, numbers
from gateway.intake.words import currency_named, fold

#: What is told of rows of tax and freight, and of a discount that the items are told without.
CHARGES: Final = (
    "{rows} linha(s) abaixo dos itens são de imposto, de frete ou de um desconto já tirado, e não de produtos: não "
    "foram contadas como venda."
)
#: What is told of whatever else stands below the total.
BELOW: Final = (
    "{rows} linha(s) abaixo do total (custos, tarifas, o que sobra) não foram contadas como venda, nem lidas como "
    "tarifas."
)
#: A foot has no more rows than this.
_MOST: Final = 30
#: Amounts that are shown to the cent may be off by so much a row where they are added up.
_ROUNDED: Final = 0.005
#: What so many items come to, no product costs by chance.
_SEVERAL: Final = 3
#: A name that is at least this much a field's tells what a column holds.
_SURE: Final = 0.6
_RATE: Final = re.compile(r"\s*\(?\s*\d+([.,]\d+)?\s*%\s*\)?$")
_SUM: Final = re.compile(
    r"(sub[ -]?total|grand total|total|valor total|importe total|amount due|balance due|base imponible|net amount|"
    r"before tax)"
    r"( (a|por|to|be|pagar|paid|pay|due|com|con|with|sem|sin|without|incl?\.?|including|excl?\.?|excluding|before|"
    r"after|de|da|do|del|of|the|desconto|descuento|discount|impostos?|impuestos?|tax(es)?|vat|iva|frete|shipping|net|"
    r"neto|bruto|gross|invoice|factura|fatura|nota|pedido|order|amount|payable))*"
)
_TAX: Final = re.compile(
    r"((sales|value added|estimated|total|valor) (de |do |dos )?)?"
    r"(tax(es)?|vat|gst|hst|pst|iva|icms|ipi|iss|impostos?|impuestos?|tributos?|ppn|pajak|thue( gtgt)?|mwst|tva)"
)
_FREIGHT: Final = re.compile(IS_FREIGHT)
_DISCOUNT: Final = re.compile(
    r"(total |valor )?(d[eo]s? )?"
    r"(discounts?|descontos?|descuentos?|rabatt|remise|sconto|diskon|giam gia|cupo[mn]|coupon)"
    r"( (especial|special|a vista|comercial|pix|aplicado|applied))?"
)
_HAS_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Foot:
    """Which rows are to be dropped: sums, rows without an amount, charges, and what else has one.

    Each tells it of the rows that are left by those before; all are empty where there is no foot.
    """

    sums: pl.Series
    blank: pl.Series
    charges: pl.Series
    rest: pl.Series


def with_foot(frame: pl.DataFrame, headers: Sequence[str]) -> tuple[pl.DataFrame, Foot]:
    """Return the rows as they are to be read, with a discount as minus, and what stands below the last item.

    `frame` has the columns by their places, as text. An item has units; without a column of units, a number or a day of
    its own. A row of the foot has an amount, a text that says of what, and none of these. Whatever else has an amount
    stays a sale above the total, and is none below it.
    """
    end = frame.tail(_MOST + 1)
    named = {name: concepts(headers[int(name)]) for name in frame.columns if headers[int(name)]}
    units, revenue, title, sku = (_first(named, field) for field in ("units", "revenue", "title", "sku"))
    own = {name for name, fits in named.items() if max(fits.get(field, 0.0) for field in ("order_id", "at")) >= _SURE}
    if revenue is None or end.is_empty() or (units is None and not own):
        return frame, _foot([])
    cells, counted = end.rows(named=True), numbers(end[units or revenue]).is_not_null().to_list()
    sold = (numbers(end[revenue]).is_not_null() & pl.Series(counted)).to_list()
    items = [
        place
        for place, row in enumerate(cells)
        if sold[place] and (units or _numbered(row, own)) and (title is None or _has_letters(row))
        if not any(_names_a_sum(cell) for cell in row.values())
    ]
    if not items or (begins := items[-1] + 1) == end.height:
        return frame, _foot([])  # the last row is an item, as in nearly all tables
    skipped = frame.height - end.height + begins
    goods, few = float(numbers(frame[revenue].head(skipped)).sum()), skipped < _SEVERAL
    rows = [
        _Row.of(row, revenue, own, None if few and (row.get(title or "") or row.get(sku or "")) else goods)
        for row in cells[begins:]
    ]
    if not _adds_up(rows, goods, max(CENTS, skipped * _ROUNDED)):
        return frame, _foot([])
    kinds = [row.kind if row.label else _kind_of_bare(row, rows) for row in rows]
    for place in (place for place, kind in enumerate(kinds) if kind == "discount"):
        if any(row.kind == "sum" and abs((row.amount or 0.0) - goods) < CENTS for row in rows[place:]):
            kinds[place] = "charge"  # the items are told without it: the total below it is theirs
    total = next((place for place, row in enumerate(rows) if row.is_total), len(rows))
    for place in (place for place in range(total + 1, len(rows)) if kinds[place] == ""):
        kinds[place] = "blank" if rows[place].amount is None else "rest"
    told = [
        _off(row, units, revenue, title) if kind == "discount" else row.cells
        for row, kind in zip(rows, kinds, strict=True)
    ]
    below = pl.DataFrame(told, schema=frame.schema, orient="row")
    return pl.concat([frame.head(skipped), below]), _foot(kinds, skipped)


def _foot(kinds: list[str], items: int = 0) -> Foot:
    """Return which rows are of each kind that is dropped, below so many items that are not."""
    found, kept = [], pl.Series([False]).new_from_index(0, items)
    for kind in ("sum", "blank", "charge", "rest"):
        found.append(pl.concat([kept, pl.Series([one == kind for one in kinds], dtype=pl.Boolean)]))
        kinds = [one for one in kinds if one != kind]
    return Foot(*found)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: dict[str, str | None]
    label: str = ""  # its column
    kind: str = ""  # `sum`, `charge`, `discount`; `own` is a sale
    amount: float | None = None

    @property
    def is_total(self) -> bool:
        return self.kind == "sum" and not fold(self.cells[self.label] or "").lstrip().startswith("sub")

    @classmethod
    def of(cls, cells: dict[str, str | None], revenue: str, own: set[str], goods: float | None) -> _Row:
        """Say what a row below the items is of."""
        label = next((name for name, cell in cells.items() if cell and _HAS_LETTERS.search(cell)), "")
        amount = numbers(pl.Series([cells[revenue]], dtype=pl.String))[0]
        if label and _numbered(cells, own - {label}):
            return cls(cells, label, "own", amount)
        if not label or label == revenue or amount is None:
            return cls(cells, label, "", amount)
        text = _plain(cells[label])
        if _names_a_sum(text) or (goods is not None and abs(amount - goods) < CENTS):
            return cls(cells, label, "sum", amount)
        kinds = (("charge", _TAX), ("charge", _FREIGHT), ("discount", _DISCOUNT))
        return cls(cells, label, next((kind for kind, pattern in kinds if pattern.fullmatch(text)), ""), amount)


def _adds_up(rows: Sequence[_Row], goods: float, most_off: float) -> bool:
    """Say whether a sum is what the items come to, or they with what stands above it: else it is of other rows, too.

    Whether a tax is added or contained, a bill does not say.
    """
    above, taxed = goods, goods
    for row in rows:
        if row.kind == "sum" and row.amount is not None:
            if any(abs(row.amount - one) <= most_off for one in (goods, above, taxed)):
                return True
        elif row.amount is not None:
            part = -abs(row.amount) if row.kind == "discount" else row.amount
            above, taxed = above + part, taxed + (0.0 if row.kind == "charge" else part)
    return False


def _kind_of_bare(row: _Row, rows: Sequence[_Row]) -> str:
    """Return the kind of a row without a text: a sum, if one that is called so is as much."""
    sums = (one.amount for one in rows if one.kind == "sum" and one.amount is not None)
    return "sum" if row.amount is not None and any(abs(row.amount - one) < CENTS for one in sums) else row.kind


def _has_letters(cells: dict[str, str | None]) -> bool:
    return any(cell and _HAS_LETTERS.search(cell) for cell in cells.values())


def _numbered(cells: dict[str, str | None], own: set[str]) -> bool:
    """Say whether a row has a number or a day of its own."""
    return any(re.search(r"\d", cells[name] or "") for name in own & cells.keys())


def _plain(cell: str | None) -> str:
    """Return a text, folded, without what stands behind a name: a rate, a currency, a colon."""
    text = _RATE.sub("", fold(cell or "").strip(" .:"))
    name, _, last = text.rpartition(" ")
    return name.rstrip(" .:") if currency_named(last.strip("()")) else text


def _names_a_sum(cell: str | None) -> bool:
    text = _plain(cell)
    return kind_of_label(text) in ("sum", "total") or _SUM.fullmatch(text) is not None


def _first(named: dict[str, dict[str, float]], field: str) -> str | None:
    """Return the column whose name is the field's, the surest one; None without one."""
    fits = {name: one.get(field, 0.0) for name, one in named.items()}
    best = max(fits, key=lambda name: fits[name], default=None)
    return best if best is not None and fits[best] >= _SURE else None


def _off(row: _Row, units: str | None, revenue: str, title: str | None) -> dict[str, str | None]:
    """Return the cells of a discount: its amount below zero, its name where products have theirs."""
    cells, amount = dict(row.cells), row.cells[revenue] or ""
    text, cells[row.label] = cells[row.label], None
    place = row.label if title is None and row.label != units else title
    if place is not None:
        cells[place] = cells[place] or text
    is_off = amount.lstrip().startswith(("-", "\u2212", "(")) or amount.rstrip().endswith("-")
    return cells | {revenue: amount if is_off else f"-{amount}"}
