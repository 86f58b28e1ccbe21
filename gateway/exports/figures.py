"""The figures of a plan's document as tables: all of them, by month, by product, and the orders that lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import Field

from gateway.exports.columns import Columns, of
from gateway.exports.downloads import MOST, Leaving
from gateway.figures import words
from gateway.figures.silent import silent
from gateway.figures.unknown import By, asked_and_unknown
from gateway.figures.words import ENGLISH, Language
from gateway.shapes.figures import MonthShape, ProductShape
from gateway.shapes.shape import Given
from projections.reads.documents import Document
from projections.reads.paging import Page
from schemas.facts import ChannelFacts, Figure, Month, Product, TableRead

Table = Literal["figures", "months", "products", "orders"]


class _OfChannel(Given):
    """What each row tells before all else; without a currency nothing tells what its amounts are in."""

    channel: str
    currency: str | None


class FigureLine(_OfChannel):
    metric: str
    title: str
    value: float | None = Field(description="Null: unknown, for the reason in `why`.")
    unit: str | None
    formula: str
    why: str
    advice: str = Field(description="What makes it known.")


class MonthLine(MonthShape, _OfChannel):
    why: str


class ProductLine(ProductShape, _OfChannel):
    margin: float | None
    why: str


class OrderLine(_OfChannel):
    order: str
    revenue: float | None
    fees: float | None
    shipping: float | None
    refund: float | None
    net: float | None
    cost: float | None
    taxes: float | None
    left: float
    without_refund: bool


def _columns(*names: str) -> Columns:
    return {name: of(told) for name, told in zip(names, map(_camel, names), strict=True)}


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(part.capitalize() for part in more)


_SUMS: Final = ("revenue", "fees", "shipping", "refunds", "net", "orders", "units", "cancelled_orders")
_ADS: Final = ("returned_units", "advertising", "after_ads")
_GOODS: Final = ("cost", "taxes", "contribution", "margin", "break_even", "stock", "stock_days", "last_sale")
COLUMNS: Final[Mapping[Table, Columns]] = {
    "figures": _columns("channel", "currency", "metric", "title", "value", "unit", "formula", "why", "advice"),
    "months": _columns("channel", "currency", "month", *_SUMS, *_ADS, "why"),
    "products": _columns(
        *("channel", "currency", "sku", "title", *_SUMS, *_ADS, "advertising_sales", "acos", *_GOODS, "why")
    ),
    "orders": _columns(
        *("channel", "currency", "order", "revenue", "fees", "shipping", "refund", "net", "cost", "taxes", "left"),
        "without_refund",
    ),
}
_SHAPES: Final[Mapping[Table, type[Given]]] = {
    "figures": FigureLine,
    "months": MonthLine,
    "products": ProductLine,
    "orders": OrderLine,
}


def of_figures(document: Document, plan_id: UUID, table: Table, language: Language = ENGLISH) -> Leaving:
    """Return a table of the document's figures. What is unknown is empty; but for orders the last column says why."""
    rows = [row for own in document.facts.channels for row in _rows(own, document.facts.tables, table, language)]

    async def find(_cursor: str | None, _limit: int) -> Page[Any]:
        return Page(rows[:MOST], None, None)

    count = min(len(rows), MOST)
    told = COLUMNS[table], count, len(rows) > MOST, find, _SHAPES[table]
    return Leaving("export.figures", "plan", *told, target=str(plan_id), plan_id=plan_id, file=table)


def _rows(facts: ChannelFacts, tables: list[TableRead], table: Table, language: Language) -> Iterator[dict[str, Any]]:
    of_channel = {"channel": facts.channel, "currency": facts.currency or None}
    found: Iterable[dict[str, Any]]
    match table:
        case "figures":
            found = _figures(facts, tables, language)
        case "months":
            found = (_line(MonthShape, "month", one, tables, language) for one in facts.months)
        case "products":
            found = (
                _line(ProductShape, "product", one, tables, language) | {"margin": one.margin} for one in facts.products
            )
        case "orders":
            found = _orders(facts.figures)
    return (of_channel | row for row in found)


def _figures(facts: ChannelFacts, tables: list[TableRead], language: Language) -> Iterator[dict[str, Any]]:
    for one in facts.figures:
        yield _named(one.metric, language) | {"value": one.value, "unit": one.unit, "why": "", "advice": ""}
    for missing in asked_and_unknown(facts, tables):
        said = words.unknown(missing, language)
        told = {"value": None, "unit": None, "why": said.text, "advice": said.advice}
        yield _named(missing.metric, language) | told


def _named(metric: str, language: Language) -> dict[str, str]:
    return {
        "metric": metric,
        "title": words.title(metric, language),
        "formula": words.formula(metric, language),
    }


def _line(
    shape: type[Given], by: By, row: Month | Product, tables: list[TableRead], language: Language
) -> dict[str, Any]:
    """Return a row with why each of its columns is unknown, those of one reason together."""
    together: dict[str, list[str]] = {}
    for name, said in silent(by, [row], tables, language).items():
        together.setdefault(said.text, []).append(name)
    why = " ".join(f"{', '.join(names)}: {reason}" for reason, names in together.items())
    return shape.model_validate(row).model_dump() | {"why": why}


def _orders(figures: Iterable[Figure]) -> Iterator[dict[str, Any]]:
    """Return the orders that lose most, and those that lose most of which nothing came back; each once."""
    told = {one.metric: one.detail.get("by_order", {}) for one in figures}
    kept = told.get("losing_unrefunded", {})
    every = {**told.get("losing_orders", {}), **kept}
    empty = dict.fromkeys(("revenue", "fees", "shipping", "refund", "net", "cost", "taxes"))
    for order, parts in sorted(every.items(), key=lambda pair: (pair[1]["left"], pair[0])):
        yield empty | parts | {"order": order, "without_refund": order in kept}
