"""Recognises known tables that give no figures: details of other tables, and sums that cannot be added up."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.columns import Columns, header_rows, headers_of, key
from gateway.intake.layouts.described import header_id, shown_headers
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.woocommerce_analytics import NET
from gateway.intake.tables import RawTable
from gateway.intake.words import in_portuguese
from schemas.facts import ColumnRead, TableKind, TableRead

_ADJUSTED: Final = "Valor do ajuste | Adjustment Amount"
_CATEGORIES: Final = (
    "São somas por categoria, e um produto conta em cada uma das suas: somadas, dariam mais do que foi vendido. Nenhum "
    "número foi calculado delas; envie o relatório de pedidos ou o de produtos."
)
#: columns that are all there, what the table is, what is told
_DETAILS: Final[tuple[tuple[tuple[str, ...], TableKind, str], ...]] = (
    (
        ("Category", "Items sold", NET, "Products", "Orders"),
        "unknown",
        _CATEGORIES,
    ),
    (
        ("Coupon code", "Orders", "Amount discounted"),
        "unknown",
        "São os descontos de cada cupom, sem as vendas: nenhum número de vendas foi calculado deles.",
    ),
    (
        (_ADJUSTED, "Motivo do ajuste | Adjustment Reason | Tipo/Descrição do ajuste"),
        "payouts",
        "São ajustes feitos depois do repasse: somam {sum} e não estão nas vendas, nem no que foi recebido delas.",
    ),
    (
        ("Statement ID | ID do extrato", "Payment ID | ID do pagamento", "Total settlement amount | Settlement amount"),
        "payouts",
        "São repasses somados por extrato, sem pedidos: nenhum número de vendas foi calculado deles.",
    ),
    (
        ("ID do pedido | Order ID", "Taxa por item vendido | Fee per item sold", "Taxa de transação | Transaction Fee"),
        "payouts",
        "São os detalhes das taxas de serviço, que as linhas de renda já têm: não foram somados outra vez.",
    ),
    (
        ("ID do pedido | Order ID", "Taxa de frete esperada | Expected Shipping Fee"),
        "payouts",
        "São diferenças de frete, que as linhas de renda já têm: não foram somadas outra vez.",
    ),
)


def detail_of(table: RawTable) -> TableRead | None:
    """Return the kind of such a table; None for any other one."""
    for row, names in enumerate(header_rows(table)):
        for needed, kind, told in _DETAILS:
            if all(any(key(name) in names for name in alternatives(one)) for one in needed):
                columns = Columns.below(table, row)
                adjusted = columns.number(*alternatives(_ADJUSTED), optional=True)
                note = told.format(sum=in_portuguese(0.0 if adjusted is None else float(adjusted.sum())))
                headers = headers_of(table, row)
                where = f"{table.where}, cabeçalho na linha {table.number(row)}"
                shown = [ColumnRead(header) for header in shown_headers(headers)]
                return TableRead(where, "unknown", columns.height, [], [], [note], kind, shown, header_id(headers))
    return None
