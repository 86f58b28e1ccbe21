"""Lines that sum up others (`Total geral`, `Média`, `Saldo anterior`): known by what they say and by what they lack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import polars as pl

from gateway.intake.layouts.matching import concepts
from gateway.intake.values import folded
from gateway.intake.words import fold

#: A name that is at least this much a field's tells what a row is of.
_SURE: Final = 0.6
#: Columns that are filled in so many of the rows are those that an order has.
_USUAL: Final = 0.8
#: Of a column that tells a property of orders more cells than this share do so, and of few values.
_SELDOM: Final = 0.4
_NAMING: Final = ("order_id", "sku", "title", "at")
#: How each text begins that may be one, before it is folded: folding all of them costs a hundred times as much.
_MAY_BE: Final = (
    r"^\s*(?i:sub|tot|t[oổ]|som|sum|sald|su?ma|m[eé]d|mean|ave|avg|prom|bal|open|prev|prior|clos|start|end|begin|brou|"
    r"carr|gra|acum|acc|cum|run|resu|over|year|ytd|mon|dai|wee|quar|men|sem|di[aá]r|anu|net|gro|ger|ticket|valor|pre[cç]|receita|fatur|quant)"
)
_MAY_BEGIN: Final = r"^\s*(?:[sStTgG]|[^\x00-\x7f])"
#: A row that begins so, with a word that nobody knows after it ("Total Camisa"), has to lack what orders have.
_BEGINS: Final = r"^(sub-?)?(total|totais|totales)( geral| general)?s?\b|^soma\b|^grand total\b"
_WORD: Final = re.compile(r"[^\W_]+")
_SUMS: Final = frozenset(
    _WORD.findall(
        "total totais totales subtotal subtotais subtotales soma suma somatorio sum resumo resumen summary acumulado"
        " acumulada accumulated cumulative ytd tong cong"
    )
)
#: Said of other things than rows, too: a refund can be "Total".
_TOTAL: Final = frozenset(("total", "totais", "totales"))
#: They could be a product's name as well, where nothing stands with them.
_WORDS: Final = frozenset(
    _WORD.findall("media medias medio promedio average averages avg mean mediana median saldo balance maximo minimo")
)
_WITH_THEM: Final = frozenset(
    _WORD.findall(
        """
        geral gerais general generales parcial final finais anterior anteriores inicial atual actual seguinte de da
        do das dos del la las los el y e a o por ao no na em en mes meses dia dias semana semanas ano anos periodo
        trimestre semestre pedido pedidos venda vendas venta ventas item itens produto produtos producto productos
        articulo articulos peca pecas linha linhas linea lineas registro registros unidade unidades loja pagina
        canal mensal mensual diaria diario semanal anual bruto bruta liquido liquida receita faturamento ingresos
        valor valores importe quantidade cantidad ticket preco precio conta caixa apertura cierre grand overall net
        gross opening previous closing starting ending beginning brought carried forward prior of the per by for and
        in day days week weeks month months year years quarter period order orders sale sales product products row
        rows line lines unit units page store channel daily weekly monthly yearly annual running to date revenue
        amount quantity qty price value mercado livre shopee amazon magalu americanas shein tiktok janeiro fevereiro
        marco abril maio junho julho agosto setembro outubro novembro dezembro jan fev mar abr mai jun jul ago set
        out nov dez enero febrero marzo mayo junio julio septiembre octubre noviembre diciembre january february
        march april may june july august september october november december feb apr aug sep oct dec
        """
    )
)
_DATE: Final = re.compile(r"\b\d{1,2}[/.-]\d{1,2}([/.-]\d{2,4})?\b|\b(\d{1,2}[/-])?(19|20)\d{2}([/-]\d{1,2}){0,2}\b")
#: An amount, or after a colon any number, that stands in the same cell: "Total: 300", "TOTAL R$ 1.234,56".
_AMOUNT: Final = re.compile(
    r":\s*\D{0,4}-?[\d.,]+\s*$|(r\$|us\$|\$|€|brl|usd)?\s*-?\d[\d.]*,\d{2}\s*$|\d[\d,]*\.\d{2}\s*$"
)
_MOST_WORDS: Final = 10
_KNOWN: Final = _SUMS | _WORDS | _WITH_THEM

Kind = Literal["sum", "total", "word", ""]


@lru_cache(maxsize=4096)
def kind_of_label(text: str) -> Kind:
    """Say whether a text names a sum of other rows and nothing else.

    `total`: in that one word; `word`: it could be a product's name, too. "Total Clean 500 ml" and "Média Kit" have
    words of their own, and are none.
    """
    bare = _DATE.sub(" ", _AMOUNT.sub(" ", fold(text).replace("sub-total", "subtotal")))
    words = _WORD.findall(bare)
    if not 0 < len(words) <= _MOST_WORDS or not all(word in _KNOWN for word in words):
        return ""
    if any(word in _SUMS for word in words):
        return "total" if len(words) == 1 and words[0] in _TOTAL else "sum"
    if any(word in _WORDS for word in words):
        return "word" if len(words) == 1 else "sum"
    return ""


@dataclass(frozen=True, slots=True)
class _Labels:
    """The texts of one column that name a sum, by how clear they are."""

    column: str
    texts: dict[Kind, list[str]]

    def of(self, *kinds: Kind) -> pl.Expr:
        return pl.col(self.column).is_in([text for kind in kinds for text in self.texts.get(kind, [])])

    @property
    def every(self) -> pl.Expr:
        return self.of("sum", "total", "word").fill_null(value=False)


def summary_rows(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series | None:
    """Return which rows sum up others; None where none does. `frame` has the columns by their places.

    A row with an order's number, a SKU or a product of its own is an order whatever else stands in it, unless it lacks
    half of what the other rows have.
    """
    if frame.is_empty():
        return None
    begins = _begins(frame)
    labels = [found for name in frame.columns if (found := _labels(frame[name])) is not None]
    if not labels and not begins.any():
        return None
    labelled = pl.any_horizontal(pl.lit(value=False), *(one.every for one in labels))
    nameless = pl.any_horizontal(pl.lit(value=False), *_nameless(frame, headers, labels))
    told = frame.select(may_be=labelled | begins, nameless=nameless)
    rows = told["nameless"] | (told["may_be"] & _lacks_half(frame, told["may_be"]))
    return rows if rows.any() else None


def _begins(frame: pl.DataFrame) -> pl.Series:
    """Say of which rows the first text begins as a total does."""
    first = frame.select(pl.coalesce(pl.all()).alias("first"))
    if not first["first"].str.contains(_MAY_BEGIN).any():
        return pl.Series([False]).new_from_index(0, frame.height)
    return first.select(folded(pl.col("first")).str.contains(_BEGINS).fill_null(value=False)).to_series()


def _labels(cells: pl.Series) -> _Labels | None:
    texts = cells.filter(cells.str.contains(_MAY_BE).fill_null(value=False)).unique(maintain_order=True).to_list()
    found: dict[Kind, list[str]] = {}
    for text in texts:
        if kind := kind_of_label(text):
            found.setdefault(kind, []).append(text)
    return _Labels(cells.name, found) if found else None


def _nameless(frame: pl.DataFrame, headers: Sequence[str], labels: list[_Labels]) -> list[pl.Expr]:
    """Return, for each column with labels, which rows they name: those that say of no order or product."""
    named = {name: _named(headers[int(name)]) for name in frame.columns}
    label_of = {one.column: one.every for one in labels}

    def own(*fields: str) -> pl.Expr:
        cells = [
            pl.col(name).is_not_null() & ~label_of.get(name, pl.lit(value=False))
            for name in frame.columns
            if named[name] & set(fields)
        ]
        return pl.any_horizontal(pl.lit(value=False), *cells)

    product, order, any_of_them = own("sku", "title"), own("order_id"), own(*_NAMING)
    found = []
    for one in labels:
        is_natural = bool(named[one.column]) or one.column == frame.columns[0]
        if not is_natural and _is_property(frame, one):
            continue
        of_product = bool(named[one.column] & {"sku", "title"})
        clear: tuple[Kind, ...] = ("sum", "total") if is_natural else ("sum",)
        unclear: tuple[Kind, ...] = ("word",) if is_natural else ("total", "word")
        found.append(one.of(*clear) & ~product & (pl.lit(value=of_product) | ~order))
        found.append(one.of(*unclear) & ~any_of_them)
    return [expression.fill_null(value=False) for expression in found]


def _is_property(frame: pl.DataFrame, labels: _Labels) -> bool:
    """Say whether a column tells one of a few things of each order: a refund that is "Total" or "Parcial"."""
    others = frame.select(pl.col(labels.column).filter(~labels.every)).to_series().drop_nulls()
    filled = frame.height - frame[labels.column].null_count()
    return filled - len(others) > filled * _SELDOM and others.n_unique() <= len(others) * _SELDOM


def _named(header: str) -> set[str]:
    fits = concepts(header) if header else {}
    return {field for field in _NAMING if fits.get(field, 0.0) >= _SURE}


def _lacks_half(frame: pl.DataFrame, may_be: pl.Series) -> pl.Series:
    """Say which rows lack half of the columns that nearly all others fill."""
    others = frame.filter(~may_be)
    others = frame if others.is_empty() else others
    usual = [column.name for column in others if column.null_count() <= others.height * (1 - _USUAL)]
    if not usual:
        return pl.Series([False]).new_from_index(0, frame.height)
    lacking = pl.sum_horizontal(pl.col(name).is_null().cast(pl.Int32) for name in usual)
    return frame.select(lacking * 2 >= len(usual)).to_series()
