"""A statement of income by month is no table of sales: its lines are what was earned, costs, and what is left."""

import pytest

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.income_statement import STATEMENT
from gateway.intake.layouts.parts import tables_of
from tests.unit.gateway.intake.tables import cells, raw, sold

PORTUGUESE = """
Descrição;Jan/26;Fev/26;Mar/26;Total
Receita Bruta de Vendas;50000,00;52000,00;61000,00;163000,00
(-) Devoluções e cancelamentos;-1500,00;-900,00;-2100,00;-4500,00
(-) CMV;-22000,00;-23500,00;-27000,00;-72500,00
(=) Lucro Bruto;26500,00;27600,00;31900,00;86000,00
"""
ENGLISH = """
Account;Jan 2026;Feb 2026;Total
Total Income;500.00;600.00;1100.00
Cost of goods sold;200.00;250.00;450.00
Gross Profit;300.00;350.00;650.00
"""


def read(text: str) -> Reading:
    (table,) = tables_of(raw(cells(text)))
    return understand(table, ["own_store"])


CASH = """
Descrição;jan/26;fev/26
🟦 Receitas;0;0
Vendas da loja;1500;1700
🔻 Total de despesas;-900;-700
Saldo do mês;1;1
🏦 Resultado do período;600;1000
"""


@pytest.mark.parametrize("text", [PORTUGUESE, ENGLISH, CASH])
def test_a_statement_of_income_has_no_sum(text: str) -> None:
    found = read(text)

    assert found.lines is None
    assert STATEMENT in found.report.warnings


DRAWN = """
;;
💰 Faturamento bruto;1.500,00;2.500,00;4.100,00
🔻 Despesas;-900,00;-700,00;-80,00
🏦 Resultado do período;600,00;1.800,00;4.020,00
"""


def test_a_statement_without_names_of_columns_is_no_sale_without_them() -> None:
    found = read(DRAWN)

    assert (found.lines, found.report.warnings) == (None, [STATEMENT])


def test_products_with_such_words_are_sales() -> None:
    text = "Produto;Quantidade;Valor total\nLucro puro 500 g;1;100,00\nCusto zero 1 kg;1;40,00\nReceita de bolo;1;80,00"

    assert sold(read(text))["revenue"].sum() == 220
