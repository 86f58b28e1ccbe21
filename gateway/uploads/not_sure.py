"""Describe a document whose columns are not sure, for the API's answer and the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.intake import choosable_fields
from gateway.intake.fields import GOODS_LABELS, SHARED, as_goods
from gateway.intake.goods import Goods
from gateway.intake.goods_told import wrong_rows
from gateway.problems.problem import Problem
from gateway.shapes.unknown import unknown_of
from gateway.shapes.uploads import ChannelSums, GoodsSums, UploadPreview
from gateway.uploads.document_read import DocumentRead
from gateway.uploads.in_language import remarks_in, tables_in
from gateway.uploads.wanted import WRITTEN, Wanted
from projections.reads.documents import DocumentFigures
from schemas.facts import ChannelFacts, TableRead


def preview(read: DocumentRead, language: str = WRITTEN) -> UploadPreview:
    """Return a preview of a document's tables and figures, for a person to check.

    `language` is that of the places and remarks of the reader, which writes them in Portuguese.
    """
    return UploadPreview.model_validate(
        {
            "sure": read.sure,
            "tables": tables_in(language, read.facts.tables),
            "channels": [_sums(facts, read.facts.tables) for facts in read.facts.channels],
            "warnings": remarks_in(language, read.facts.warnings),
            "fields": choosable_fields(),
            "goods": _goods(read.goods, language) if read.goods.seen else None,
        }
    )


def preview_of_plan(found: DocumentFigures) -> UploadPreview:
    """Return the same of a document that a plan was made from."""
    return UploadPreview.model_validate(
        {
            "sure": True,
            "tables": [table for table in found.reading.tables if table.header_id and table.columns],
            "channels": [_sums(facts, found.reading.tables) for facts in found.channels],
            "warnings": found.reading.warnings,
            "fields": choosable_fields(),
            "goods": None,
        }
    )


def _goods(goods: Goods, language: str) -> GoodsSums:
    return GoodsSums(
        costs=len({one.key for one in goods.costs}),
        stock=len({one.key for one in goods.stock}),
        wrong_rows=goods.wrong_rows,
        wrong=remarks_in(language, wrong_rows(goods.wrong)),
    )


def _sums(facts: ChannelFacts, tables: Sequence[TableRead]) -> ChannelSums:
    values = {figure.metric: figure.value for figure in facts.figures}
    return ChannelSums(
        channel=facts.channel,
        currency=facts.currency,
        currency_source=facts.currency_source,
        period=facts.period,
        revenue=values.get("revenue"),
        orders=values.get("orders"),
        units=values.get("units"),
        unknown=unknown_of(facts, tables),
    )


def _of_goods(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table with what its columns would be in one of costs or stock."""
    taken = as_goods({one["header"]: one["field"] for one in table["columns"]})
    return table | {"columns": [one | {"field": taken.get(one["header"], "")} for one in table["columns"]]}


class ColumnsNotSure(Problem):
    """A document of which nobody can say which column is which. Its file is not kept.

    Without channels it was told as costs or stock.
    """

    def __init__(self, read: DocumentRead, filename: str, wanted: Wanted) -> None:
        seen = preview(read, wanted.language)
        members: dict[str, Any] = seen.model_dump(mode="json")
        tables = [table for table in members["tables"] if table["asks"]]
        fields = members["fields"]
        otherwise = " Or send anyway=true for a plan without figures of these tables."
        if not wanted.channels:  # it was told as costs or stock: it is asked about their fields alone
            tables = [_of_goods(table) for table in tables]
            fields = [one for one in fields if one["field"] in {*SHARED, *GOODS_LABELS}]
            otherwise = ""
        super().__init__(
            "columns-not-sure",
            f"Say what the columns are, with mapping or map, and send the file again.{otherwise}",
            tables=tables,
            fields=fields,
        )
        self.read = read
        self.filename = filename
        self.wanted = wanted
