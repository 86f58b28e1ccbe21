"""A form that nobody filled in tells of no revenue: zero in all rows is no amount."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.figures.nothing import NOTHING
from tests.unit.gateway.intake.tables import reading, sold

HEADER = "Pedido;Data da venda;Produto;Quantidade;Valor total;Comissão"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("1;01/03/2026;Caneca;0;0,00;0,00\n2;02/03/2026;Copo;0;0,00;0,00", {"orders": 2}),
        ("1;01/03/2026;Caneca;2;0,00;0,00\n2;02/03/2026;Copo;1;0,00;0,00", {"orders": 2, "units": 3}),
        (
            "1;01/03/2026;Caneca;2;0,00;0,00\n2;02/03/2026;Copo;1;9,90;0,00",
            {"orders": 2, "units": 3, "revenue": 9.9, "fees": 0},
        ),
    ],
)
def test_zero_in_all_rows_is_no_amount(rows: str, told: dict[str, float]) -> None:
    (facts,) = channel_facts(sold(reading(f"{HEADER}\n{rows}")), None)
    found = {one.metric: one.value for one in facts.figures}

    assert {name: found[name] for name in ("revenue", "orders", "units", "fees") if name in found} == told
    assert ("revenue" in told) == (NOTHING.format(rows=2) not in facts.warnings)
    assert ("revenue" in told) == ("net_without_freight_and_refunds" in found)
