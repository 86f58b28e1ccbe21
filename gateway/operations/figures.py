"""The figures of a document as the API tells them: each with its formula and rows, the unknown ones with the reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Final

from gateway.figures import words
from gateway.figures.catalogue import ASKED, METRICS, instead_of
from gateway.figures.rows import unit_of_rows, use_of
from gateway.figures.unknown import why
from gateway.shapes.figures import (
    ChannelFiguresShape,
    FigureQuery,
    FigureShape,
    FiguresShape,
    ReconciliationShape,
    RowShape,
    RowsShape,
    StatedShape,
    TableReadShape,
    UnknownShape,
)
from projections.reads.documents import Document
from schemas.facts import ChannelFacts, Figure, FigureRows, TableRead

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


def figures_of(document: Document, query: FigureQuery) -> FiguresShape:
    """Return the document's figures, of the channels and metrics that are asked for."""
    return FiguresShape(
        plan_id=document.plan_id,
        tables=[TableReadShape.model_validate(table) for table in document.facts.tables],
        channels=[
            _channel(facts, document, query.metric)
            for facts in document.facts.channels
            if not query.channel or facts.channel in query.channel
        ],
        stated=[StatedShape.model_validate(one) for one in document.facts.stated],
        goods_version=document.facts.goods_version,
    )


def _channel(facts: ChannelFacts, document: Document, metrics: Collection[str]) -> ChannelFiguresShape:
    return ChannelFiguresShape.model_validate(
        {
            **{name: getattr(facts, name) for name in _AS_THEY_ARE},
            "chosen": facts.channel in document.channels,
            "currency": facts.currency or None,
            "figures": [_figure(f, facts.currency) for f in facts.figures if not metrics or f.metric in metrics],
            "unknown": [u for u in unknown_of(facts, document.facts.tables) if not metrics or u.metric in metrics],
            "reconciliation": None
            if facts.reconciliation is None
            else ReconciliationShape.model_validate(asdict(facts.reconciliation)),
            "warnings": facts.warnings,
        }
    )


def unknown_of(facts: ChannelFacts, tables: Sequence[TableRead]) -> list[UnknownShape]:
    """Return the figures of a channel that its document does not tell."""
    known = {figure.metric for figure in facts.figures}
    return [_unknown(metric, tables) for metric in ASKED if instead_of(metric, known) not in known]


def _unknown(metric: str, tables: Sequence[TableRead]) -> UnknownShape:
    found = why(metric, tables)
    return UnknownShape(
        metric=metric,
        title=words.title(metric),
        formula=words.formula(metric),
        reason=found.reason,
        fields=list(found.fields),
        text=words.unknown(found),
    )


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
