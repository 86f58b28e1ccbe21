"""Quotes small tables of indicators and values as text, if nothing else is known of them.

Quotes reach prompts and events, so only columns are quoted that are clearly harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import polars as pl

from gateway.intake.masking import mask
from gateway.intake.tables import RawTable
from gateway.intake.values import cleaned, numbers
from gateway.intake.words import fold

MAX_ROWS: Final = 40
MAX_COLUMNS: Final = 8
#: The header is the first row with two cells, among this many: titles may stand above it.
HEADER_ROWS: Final = 3
#: A table with such a header is about people: nothing of it is quoted.
_PERSONAL: Final = re.compile(
    r"compra(dor|dora)\b|cliente|destinatari|nome|cpf|cnpj|e-?mail|telefone|celular|endereco|cep\b|bairro|"
    r"buyer|customer|recipient|phone|address|usuario|username|nascimento|"
    r"(?<!product )(?<!product-)(?<!item )\bnames?\b|\bclient|consumidor|recebedor|contato|contact|whatsapp|"
    r"consignee|receiver|logradouro|documento|titular"
)
#: A column with such a word in its header has a subject of reports, and no person.
_SUBJECTS: Final = (
    "indicador indicadores metrica metricas kpi kpis item itens valor valores meta metas resultado resultados variacao "
    "periodo mes meses semana semanas trimestre ano data dia dias canal canais marketplace marketplaces loja lojas "
    "plataforma categoria categorias produto produtos sku skus modelo marca total subtotal quantidade qtd unidades "
    "pedidos receita faturamento vendas preco custo taxa tarifa comissao frete envio margem nota prazo status situacao "
    "prioridade devolucoes cancelamentos conversao visitas estoque desconto "
    "indicator indicators metric metrics value values target result results change period month week quarter year date "
    "day channel channels category product products brand quantity qty units orders revenue sales price cost fee fees "
    "shipping margin rating priority returns cancellations conversion visits stock discount"
)
_HARMLESS: Final = frozenset(_SUBJECTS.split())
_WORD: Final = re.compile(r"[^\W\d_]+")


def names_people(headers: Iterable[str | None]) -> bool:
    """Say whether one of the headers is one of a table about people."""
    return bool(_PERSONAL.search(fold(" ".join(header for header in headers if header))))


def quote(table: RawTable) -> str:
    """Return the table as lines of `a | b`; empty if it is large, about people, or not clearly about figures.

    A column is quoted if its header names a subject of reports, or if all its cells are numbers. A row is left out if
    its first cell names a person's detail (`Cliente | ...`).
    """
    rows = table.frame.rows()
    if len(rows) > MAX_ROWS or table.frame.width > MAX_COLUMNS:
        return ""
    top = next((n for n, row in enumerate(rows[:HEADER_ROWS]) if sum(map(bool, row)) >= 2), None)
    if top is None or any(names_people(row) for row in rows[: max(top + 1, 2)]):
        return ""
    if any(cell and mask(cell) != cell for row in rows for cell in row):
        return ""
    body = [row for row in rows[top + 1 :] if not names_people(row[:1])]
    named = [bool(_HARMLESS & set(_WORD.findall(fold(cell or "")))) for cell in rows[top]]
    columns = [n for n, harmless in enumerate(named) if harmless or _is_numeric([row[n] for row in body])]
    if len(columns) < 2 or not any(named):
        return ""
    return "\n".join(" | ".join(row[n] or "" for n in columns) for row in (rows[top], *body))


def _is_numeric(cells: list[str | None]) -> bool:
    bare = pl.DataFrame({"cell": pl.Series(cells, dtype=pl.String)}).select(cleaned(pl.all())).to_series()
    return bare.null_count() == numbers(bare).null_count() < len(bare)
