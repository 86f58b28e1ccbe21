"""The figures of a document for the API: each with its formula and rows, unknown ones with the reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Final

from pydantic.alias_generators import to_camel

from gateway.figures import words
from gateway.figures.catalogue import METRICS
from gateway.figures.currency import are_one
from gateway.figures.rows import unit_of_rows, use_of
from gateway.figures.silent import silent
from gateway.figures.unknown import By
from gateway.intake.said_channel import choosable
from gateway.operations.worth_parts import worth_shapes
from gateway.shapes.figures import (
    ChannelFiguresShape,
    FigureQuery,
    FigureShape,
    FiguresShape,
    FoundLaterShape,
    ReconciliationShape,
    RowShape,
    RowsShape,
    StatedShape,
    TableReadShape,
    UnnamedShape,
)
from gateway.shapes.unknown import UnknownColumnShape, unknown_of
from projections.plans.reads import Plan
from projections.reads.compared import FoundLater
from projections.reads.documents import Document
from projections.reads.unnamed import UnnamedAnswer
from schemas.facts import ChannelFacts, Figure, FigureRows, Month, Product, TableRead

_AS_THEY_ARE: Final = (
    "channel",
    "period",
    "currency_source",
    "months",
    "products",
    "missing_costs",
    "missing_cost_skus",
    "month_rows",
    "product_rows",
)


def figures_of(
    document: Document, query: FigureQuery, later: Sequence[FoundLater] = (), plan: Plan | None = None
) -> FiguresShape:
    """Return the document's figures of the requested channels and metrics; with a `plan`, its worths, too."""
    facts = document.facts
    worths = [] if plan is None or query.metric else worth_shapes(plan, facts.channels, facts.tables)
    channels = [one for one in facts.channels if not query.channel or one.channel in query.channel]
    return FiguresShape(
        plan_id=document.plan_id,
        tables=[TableReadShape.model_validate(table) for table in document.facts.tables],
        channels=[_channel(one, document, query.metric) for one in channels],
        one_currency=are_one([one.currency for one in channels]),
        stated=[StatedShape.model_validate(one) for one in document.facts.stated],
        goods_version=document.facts.goods_version,
        found_later=[
            FoundLaterShape.model_validate(asdict(one))
            for one in later
            if not query.channel or one.channel in query.channel
        ],
        unnamed=unnamed_shape(document, None),
        worths=[one for one in worths if not query.channel or one.channel in query.channel],
    )


def unnamed_shape(document: Document, answer: UnnamedAnswer | None) -> UnnamedShape | None:
    """Return the document's sales that name no channel, and the channel that a person gave them; None without any."""
    own = document.facts.unnamed
    if own is None:
        return None
    return UnnamedShape(
        rows=sum(table.unnamed for table in document.facts.tables),
        revenue=next((figure.value for figure in own.figures if figure.metric == "revenue"), None),
        currency=own.currency or None,
        channels=choosable(document.facts.channels),
        channel=answer.channel if answer else None,
        made_plan_id=answer.made_plan_id if answer else None,
        answered_at=answer.answered_at if answer else None,
    )


def _channel(facts: ChannelFacts, document: Document, metrics: Collection[str]) -> ChannelFiguresShape:
    tables = document.facts.tables
    return ChannelFiguresShape.model_validate(
        {
            **{name: getattr(facts, name) for name in _AS_THEY_ARE},
            "chosen": facts.channel in document.channels,
            "currency": facts.currency or None,
            "figures": [_figure(f, facts.currency) for f in facts.figures if not metrics or f.metric in metrics],
            "unknown": [u for u in unknown_of(facts, tables) if not metrics or u.metric in metrics],
            "unknown_of_months": _silent("month", facts.months, tables),
            "unknown_of_products": _silent("product", facts.products, tables),
            "reconciliation": None
            if facts.reconciliation is None
            else ReconciliationShape.model_validate(asdict(facts.reconciliation)),
            "warnings": facts.warnings,
        }
    )


def _silent(by: By, rows: Sequence[Month | Product], tables: Sequence[TableRead]) -> list[UnknownColumnShape]:
    """Return the columns without a value in any row; none of them if there is no row."""
    found = silent(by, rows, tables) if rows else {}
    return [UnknownColumnShape(column=to_camel(name), text=one.text, advice=one.advice) for name, one in found.items()]


def _figure(figure: Figure, currency: str) -> FigureShape:
    known = METRICS.get(figure.metric)
    return FigureShape(
        metric=figure.metric,
        title=words.title(figure.metric),
        formula=words.formula(figure.metric),
        value=figure.value,
        unit=figure.unit,
        made_of=list(known.made_of) if known else [],
        skus=figure.skus,
        detail=figure.detail,
        rows=None if figure.rows is None else _rows(figure.rows, unit_of_rows(figure.metric, currency)),
    )


def _rows(rows: FigureRows, unit: str) -> RowsShape:
    return RowsShape(
        used=rows.used,
        left_out=rows.left_out,
        unusable_share=use_of(rows).unusable_share,
        unit=unit,
        sample=[RowShape.model_validate(asdict(row)) for row in rows.sample],
    )
