"""The facts of a document are read back as they were written, and those of earlier versions with defaults."""

import json
from typing import Any

from schemas.facts import (
    ChannelFacts,
    ColumnRead,
    DocumentFacts,
    Figure,
    FigureRow,
    FigureRows,
    MissingCost,
    Month,
    Product,
    Reconciliation,
    RowDifference,
    TableRead,
)

FACTS = DocumentFacts(
    "text/csv",
    "vendas",
    [
        TableRead(
            "arquivo",
            "plain",
            3,
            ["Valor"],
            ["SKU"],
            ["aviso"],
            "sales",
            [ColumnRead("Valor", ["10,00"], "revenue", 0.9, "name")],
            "ab12",
        )
    ],
    [
        ChannelFacts(
            "shopee",
            ["2026-03-01", "2026-03-02"],
            "BRL",
            [
                Figure(
                    "revenue", 10.0, "BRL", ["A"], {"x": 1}, FigureRows(1, {"status": 2}, [FigureRow("7", 0, 2, 10.0)])
                )
            ],
            [Product("A", "a", 1.0, 10.0, 1, net=8.0)],
            "assumed",
            [Month("2026-03", 10.0, 1, 1.0, cancelled_orders=2)],
            Reconciliation("Total", 9.0, 10.0, 1.0, 0.1111, 1, [RowDifference("7", 0, 2, 9.0, 10.0)]),
            ["moeda suposta"],
            [MissingCost("B", "b", 2.0, 20.0)],
            7,
        )
    ],
    "texto",
    ["aviso"],
)

#: As version 0.1.0 stored them.
EARLY: dict[str, Any] = {
    "media_type": "text/csv",
    "title": "vendas",
    "tables": [
        {"where": "arquivo", "layout": layout, "rows": 3, "columns_used": [], "columns_missing": [], "warnings": []}
        for layout in ("plain", "unknown")
    ],
    "channels": [
        {
            "channel": "shopee",
            "period": [],
            "currency": "BRL",
            "figures": [{"metric": "revenue", "value": 10.0, "unit": "BRL", "skus": [], "detail": {}}],
            "products": [{"sku": "A", "title": "a", "units": 1.0, "revenue": 10.0, "orders": 1}],
        }
    ],
    "text": "",
    "warnings": [],
}


def test_facts_are_read_back_as_they_were_written() -> None:
    assert DocumentFacts.from_dict(json.loads(json.dumps(FACTS.to_dict()))) == FACTS


def test_facts_of_an_earlier_version_are_read_with_defaults() -> None:
    found = DocumentFacts.from_dict(EARLY)
    (own,) = found.channels

    assert (own.currency_source, own.months, own.reconciliation, own.figures[0].rows) == ("read", [], None, None)
    assert [(table.kind, table.columns, table.header_id) for table in found.tables] == [
        ("sales", [], ""),
        ("unknown", [], ""),
    ]


def test_what_a_later_version_added_does_not_hinder_reading() -> None:
    data = FACTS.to_dict()
    for part in (data, data["tables"][0], data["channels"][0], data["channels"][0]["figures"][0]):
        part["added_later"] = 1

    assert DocumentFacts.from_dict(data) == FACTS
