"""Lists as programs print them: columns set apart by blanks, and lines of dashes around their header."""

from __future__ import annotations

from gateway.intake.limits import DEFAULT_LIMITS
from gateway.intake.rows_in_text import lift_rows


def test_lines_of_dashes_part_a_printed_list_and_end_no_table() -> None:
    text = (
        "RELATORIO DE VENDAS\n"
        f"{'-' * 60}\n{'DATA':<12}{'PEDIDO':<10}{'DESCRICAO':<18}{'QTDE':>6}{'VL TOTAL':>12}\n{'=' * 60}\n"
        f"{'02/03/2026':<12}{'100':<10}{'Copo azul':<18}{'2':>6}{'21,00':>12}\n"
        f"{'03/03/2026':<12}{'101':<10}{'Prato':<18}{'1':>6}{'30,00':>12}\n{'-' * 60}\n"
    )
    (table,) = lift_rows(text, DEFAULT_LIMITS).tables

    assert table.frame.row(0) == ("DATA", "PEDIDO", "DESCRICAO", "QTDE", "VL TOTAL")
    assert table.frame.height == 3
