"""A document with every kind of figure: known, unknown, with rows, months, products, and channels nobody chose."""

from __future__ import annotations

from typing import Final

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

MELI: Final = "mercado_livre"


def rows(used: int, *, cells: int = 3, amount: float = 900.0, **left_out: int) -> FigureRows:
    """Return rows of the first table, the largest first."""
    sample = [FigureRow(f"20000{n:05d}", 0, 12 + 7 * n, round(amount / (n + 1), 2)) for n in range(cells)]
    return FigureRows(used, left_out, sample)


def column(header: str, field: str, *samples: str, confidence: float = 1.0, by: str = "layout") -> ColumnRead:
    return ColumnRead(header, list(samples), field, confidence, by)  # type: ignore[arg-type]


SALES: Final = TableRead(
    where="planilha “Vendas BR”, cabeçalho na linha 6",
    layout="mercado_livre.vendas",
    rows=1840,
    columns_used=["N.º de venda", "Unidades", "Receita por produtos (BRL)", "Tarifa de venda"],
    columns_missing=["Venda por publicidade"],
    warnings=["2 linha(s) de total, média ou saldo não foram contadas como venda."],
    kind="sales",
    columns=[
        column("N.º de venda", "order_id", "2000012345678"),
        column("Data da venda", "at", "3 de março de 2026"),
        column("Estado", "status", "Entregue", "Cancelada"),
        column("Unidades", "units", "1", "2"),
        column("Receita por produtos (BRL)", "revenue", "129,90", "89,00", confidence=0.92, by="name"),
        column("Tarifa de venda", "fees", "-21,30"),
        column("Receita por envio", "shipping", "-12,00", confidence=0.55, by="content"),
        column("Cancelamentos e reembolsos", "refund", "-89,00"),
        column("Comprador", ""),
    ],
    header_id="5a1e5a1e5a1e5a1e",
)
STOCK: Final = TableRead("planilha “Estoque”", "unknown", 96, [], [], ["as linhas ficaram de fora."], kind="stock")

MONTHS: Final = [
    Month("2026-01", 98_120.4, 812, 1003.0, 15_899.2, 7_120.0, 2_310.5, 72_790.7, 31, 22.0),
    Month("2026-02", 120_455.1, 990, 1221.0, 19_500.3, 8_900.4, None, None, 40, None),
    Month("2026-03", 194_304.6, 1412, 1790.0, 31_540.8, 14_101.1, 6_022.9, 142_639.8, 55, 61.0),
]
PRODUCTS: Final = [
    Product(
        f"TEN-RUN-{n:02d}", f"Tênis Runner {n}", 140.0 - 9 * n, 41_200.0 / (n + 1), 130 - 9 * n,
        net=-310.5 if n == 3 else 30_100.0 / (n + 1),
    )
    for n in range(14)
]  # fmt: skip
REVENUE: Final = Figure("revenue", 412_880.1, "BRL", rows=rows(1790, status=48, no_money=2))
MELI_FACTS: Final = ChannelFacts(
    channel=MELI,
    period=["2026-01-01", "2026-03-31"],
    currency="BRL",
    figures=[
        REVENUE,
        Figure("average_ticket", 128.46, "BRL"),
        Figure("net_receipts", 305_430.5, "BRL"),
        Figure("orders", 3214, "count", rows=rows(1790, status=48)),
        Figure("units", 4014, "count", rows=rows(1790, status=48)),
        Figure("fees", 66_940.3, "BRL", rows=rows(1700, status=48, no_money=90)),
        Figure("shipping_cost", 30_121.5, "BRL", rows=rows(1790)),
        Figure("refunds", 10_387.8, "BRL", rows=rows(83)),
        Figure("fee_share", 0.1621, "ratio"),
        Figure("shipping_share", 0.073, "ratio"),
        Figure("return_rate", 0.0411, "ratio"),
        Figure("returned_units", 165, "count"),
        Figure("cancellation_rate", 0.0381, "ratio"),
        Figure(
            "cancelled_revenue", 9_120.0, "BRL", ["TEN-RUN-00"],
            {"by_sku": {"TEN-RUN-00": {"lines": 12.0, "revenue": 5_120.0}}},
        ),
        Figure("best_month_revenue", 194_304.6, "BRL", detail={"month": "2026-03"}),
        Figure("something_newer", 3, "count"),
        Figure("cost_coverage", 0.83, "ratio", detail={"coverage": 0.83}, rows=rows(1500, no_cost=290)),
        Figure("covered_cost", 150_000.0, "BRL", rows=rows(1500, no_cost=290)),
        Figure("covered_contribution", 61_200.4, "BRL", rows=rows(1500, no_cost=290)),
        Figure("covered_margin", 0.1785, "ratio"),
    ],
    products=PRODUCTS,
    currency_source="read",
    months=MONTHS,
    reconciliation=Reconciliation(
        "Total (BRL)", 305_500.0, 305_430.5, -69.5, 0.0002, 1790, [RowDifference("2000000007", 0, 61, 120.0, 50.5)]
    ),
    missing_costs=[
        MissingCost("CAB-USB-2M", "Cabo USB-C reforçado 2 m", 90.0, 3_591.0),
        MissingCost("X9", "", 4.0, None),
    ],
    missing_cost_skus=23,
    warnings=["14 linhas têm total ilegível."],
)  # fmt: skip
#: Only what a plain table gave, in a currency that nothing tells, and far from the document's own total.
SHOPEE_FACTS: Final = ChannelFacts(
    channel="shopee",
    period=[],
    currency="",
    figures=[Figure("revenue", 58_120.0, "money", rows=rows(890)), Figure("units", 1204, "count")],
    products=[],
    reconciliation=Reconciliation("Total", 60_000.0, 58_120.0, -1_880.0, 0.0313, 890),
)
#: Nobody chose it.
AMAZON_FACTS: Final = ChannelFacts(
    channel="amazon",
    period=["2026-03-01", "2026-03-31"],
    currency="USD",
    figures=[Figure("revenue", 1_234.5, "USD", rows=rows(31)), Figure("orders", 30, "count", rows=rows(31))],
    products=[],
    currency_source="assumed",
)
DOCUMENT: Final = DocumentFacts(
    media_type="text/csv",
    title="Vendas de março",
    tables=[SALES, STOCK],
    channels=[AMAZON_FACTS, MELI_FACTS, SHOPEE_FACTS],
    text="nada disto",
    warnings=["Só as primeiras linhas foram lidas."],
)
