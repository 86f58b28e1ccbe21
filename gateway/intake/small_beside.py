"""Says what a small table is that stands beside one that was read: a legend, a report's filters, totals.

It says so only where all of its labels show it. Anything else may be sales, and its columns are told as not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gateway.intake.layouts import UNKNOWN, Reading
from gateway.intake.layouts.general import ONLY_HEADER
from gateway.intake.layouts.sum_labels import VOCABULARY, kind_of_label
from gateway.intake.tables import NUMBER_MARK, RawTable
from gateway.intake.words import fold

WORDS_ALONE: Final = (
    "A tabela só tem palavras, sem valores, quantidades nem datas (uma legenda ou uma lista): nenhum número foi "
    "calculado dela. Se cada linha é uma venda, envie-a com essas colunas."
)
FILTERS: Final = "São os filtros ou os dados do relatório (período, loja, emissão): não traz vendas."
TOTALS: Final = (
    "São totais, sem as linhas de que são feitos: não foram somados às outras tabelas. Se há neles vendas que faltam "
    "nelas, envie essas linhas."
)
#: Beside one of these no columns are told as those that nobody recognised.
TOLD: Final = frozenset((WORDS_ALONE, FILTERS, TOTALS))
#: A table with more rows is no small one.
_MOST_ROWS: Final = 40
#: A list has so many rows at least; two words side by side may be anything.
_FEWEST_WORDS: Final = 2
#: An amount, a count, a date or a time: digits, and no word but a currency's.
_VALUE: Final = re.compile(r"[^\w]*(?:r\$|us\$|brl|usd|rs)?\s*[-+(]?\d[\d.,:/\s()%-]*(?:t[\d:.]+z?)?")
_DATED: Final = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}:\d{2}")
_WORD: Final = re.compile(r"[^\W\d_]+")
#: What names a sum: each label of a table of totals has one of these, so that no month and no product is one.
_MEASURES: Final = frozenset(
    _WORD.findall(
        "total totais totales totals subtotal soma suma sum media medio average receita receitas faturamento revenue"
        " ingresos vendas ventas sales pedidos orders unidades units itens items ticket taxas tarifas fees comissao"
        " comissoes comision commission frete envio freight shipping lucro profit margem margen margin custo custos"
        " costos cost costs desconto descontos descuentos discounts devolucoes devoluciones returns cancelados"
        " cancelamentos cancelled reembolsos refunds repasse imposto impostos impuestos taxes liquido liquida neto net"
        " bruto bruta gross quantidade cantidad quantity"
    )
)
#: The words that labels of a report's own data are made of, and those that no order's form has.
_OF_REPORT: Final = frozenset(
    _WORD.findall(
        "periodo data datas inicial final inicio fim de do da dos das ate a e em por loja lojas filtro filtros status"
        " situacao gerado gerada emitido emitida emissao exportado exportada relatorio canal canais marketplace conta"
        " empresa usuario fuso horario hora versao ordenado ordenada agrupado agrupada aplicado aplicados parametro"
        " parametros from to start end date dates period store stores filter filters generated exported created at on"
        " by user report channel channels account company timezone time zone version sorted grouped applied fecha"
        " desde hasta fin tienda tiendas estado generado informe reporte cuenta usuario zona el la del"
    )
)
_NO_FORM: Final = frozenset(
    _WORD.findall(
        "periodo inicial final inicio fim filtro filtros gerado gerada emitido emitida emissao exportado exportada"
        " relatorio fuso parametro parametros start end period filter filters generated exported report timezone desde"
        " hasta fin generado informe reporte"
    )
)


def with_small_ones(tables: Sequence[RawTable], readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings; what small tables are is told in place of columns that nobody recognises."""
    if all(one.report.layout == UNKNOWN for one in readings):
        return list(readings)
    return [_told(table, reading) for table, reading in zip(tables, readings, strict=True)]


def _told(table: RawTable, reading: Reading) -> Reading:
    report = reading.report
    unread = report.layout == UNKNOWN and report.kind == "unknown" and not report.asks and not table.free
    if not unread or report.warnings not in ([], [ONLY_HEADER]) or max(table.height, table.frame.height) > _MOST_ROWS:
        return reading
    rows = [cells for row in table.frame.rows() if (cells := [_plain(cell) for cell in row if cell])]
    told = what_it_is(rows)
    if not told:
        return reading
    return replace(reading, report=replace(report, warnings=[told], rows=max(report.rows, len(rows) - 1)))


def what_it_is(rows: Sequence[Sequence[str]]) -> str:
    """Return what a table of these filled cells is; empty where it may be something else."""
    body = [row for row in rows if len(row) > 1]
    if len(body) > 1 and not any(map(is_value, body[0])):
        if _are_words(rows):
            return WORDS_ALONE if not _are_filters(body[1:]) else FILTERS
        headed = body[1:]
    else:
        headed = body
    for labelled in (headed, body):
        if _are_filters(labelled):
            return FILTERS
        if _are_totals(labelled):
            return TOTALS
    return ""


def _are_words(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether no cell has a figure: such a table has no amount, no number of an order and no day."""
    return len(rows) > _FEWEST_WORDS and not any(any(map(str.isdigit, cell)) for row in rows for cell in row)


def _are_filters(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether each row is a label of a report's own data with what it was made of, and no amount."""
    labels = [frozenset(_WORD.findall(row[0])) for row in rows]
    if len(rows) < _FEWEST_WORDS or not all(labels) or not all(one <= _OF_REPORT for one in labels):
        return False
    values = [cell for row in rows for cell in row[1:]]
    return any(one & _NO_FORM for one in labels) and not any(is_value(v) and not _DATED.search(v) for v in values)


def _are_totals(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether each row is a label of a sum with nothing but figures."""
    if not rows or not all(all(map(is_value, row[1:])) and len(row) > 1 for row in rows):
        return False
    labels = [frozenset(_WORD.findall(row[0])) for row in rows]
    named = all(one and one & _MEASURES and one <= VOCABULARY | _MEASURES for one in labels)
    return named and any(kind_of_label(row[0]) for row in rows)


def is_value(cell: str) -> bool:
    """Say whether a folded cell is an amount, a count, a date or a time."""
    return _VALUE.fullmatch(cell) is not None


def _plain(cell: str) -> str:
    return fold(cell.removeprefix(NUMBER_MARK))
