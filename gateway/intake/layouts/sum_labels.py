"""Recognises texts that name a sum of other rows (`Total geral`, `Média`, `Saldo anterior`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

import polars as pl

from gateway.intake.words import fold

_WORD: Final = re.compile(r"[^\W_]+")
_SUMS: Final = frozenset(
    _WORD.findall(
        "total totais totales totals totale totaal subtotal subtotais subtotales subtotale soma suma somatorio somme"
        " sum resumo resumen summary acumulado acumulada accumulated cumulative ytd tong cong jumlah gesamt razem"
    )
)
#: Said of other things than rows, too: a refund can be "Total".
_TOTAL: Final = frozenset(("total", "totais", "totales", "totals"))
#: Names of diaries and books, too.
_TITLES: Final = frozenset(
    _WORD.findall("resumo resumen summary semanal mensal mensual anual diario weekly monthly yearly annual daily")
)
#: They could be a product's name as well, where nothing stands with them.
_WORDS: Final = frozenset(
    _WORD.findall(
        "media medias medio promedio average averages avg mean mediana median saldo balance maximo minimo"
        " resultado result"
    )
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
        vendido vendida vendidos vendidas vendas faturado faturada recebido recebida doanh thu don hang so luong
        keseluruhan semua seluruh penjualan pesanan bulan hari minggu tahun toan bo ngay thang nam tuan
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
#: How many it is of: "TOTAL (2 pedidos)".
_COUNTED: Final = re.compile(
    r"\b\d+ (?=(pedido|venda|venta|ite[mn]|produto|producto|linha|linea|order|sale|row|line|unid|unit)\w*)"
)
_SPACED: Final = re.compile(r"(?:[^\W\d_] ){2,}[^\W\d_]")
_MOST_WORDS: Final = 10
VOCABULARY: Final = _SUMS | _WORDS | _WITH_THEM
_NAMES: Final = "|".join(sorted(_SUMS | _WORDS))
#: How a text looks that may name a sum, once it is plain: a word of one, letters that stand apart, or a sigma. Texts
#: are held against it before they are folded: folding all of them costs a hundred times as much. It knows plain letters
#: alone, since a pattern of these words in all their accents takes a tenth of a second to compile.
_LIKE_A_SUM: Final = (
    rf"(?:^|[^a-zA-Z])(?i-u:{_NAMES})(?:[^a-zA-Z]|$)|^\s*(?:[a-zA-Z]\s+){{2,}}[a-zA-Z]\s*$|\x{{3c3}}|\x{{3a3}}"
)
#: What the plain pattern knows nothing of.
_FOREIGN: Final = r"[^\x00-\x7f]"
_ACCENTS: Final = r"[\x{300}-\x{36f}]"
#: How one begins that names a sum, with a word that nobody knows after it: "Total Camisa", "Grand total Shirts".
_BEGINS: Final = re.compile(rf"(?:grand )?(?:{'|'.join(sorted(_SUMS | {'sub-total'}))})(?![^\W\d_])")

#: Signs before the name of a sum, as programs draw them: ">> SUBTOTAL <<", "==== Resumo geral da rede".
_DRAWN: Final = rf"(?i)^[\s|>=~*#_-]*[>=~*#_-]{{2,}}[\s|>=~*#_-]*(?:grand\s+)?(?:{'|'.join(sorted(_SUMS))})(?:[^a-z]|$)"

Kind = Literal["sum", "title", "total", "word", ""]


def may_name_sums(cells: pl.Expr) -> pl.Expr:
    """Say of each text whether `those_that_may_name_sums` has to look at it; null where there is none."""
    return cells.str.contains(rf"{_LIKE_A_SUM}|{_FOREIGN}")


def those_that_may_name_sums(cells: pl.Series) -> list[str]:
    """Return each text of the column once that may name a sum, in the order in which they come."""
    found = cells.to_frame("cell").filter(may_name_sums(pl.col("cell")))["cell"].unique(maintain_order=True)
    is_foreign = found.str.contains(_FOREIGN)
    if not is_foreign.any():
        return found.to_list()
    plain = found.str.normalize("NFKD").str.replace_all(_ACCENTS, "").str.replace_many(["đ", "Đ"], ["d", "D"])
    return found.filter(~is_foreign | plain.str.contains(_LIKE_A_SUM)).to_list()


def drawn_as_sums(cells: pl.Expr) -> pl.Expr:
    """Say of each text whether it is a sum's name behind signs, which no product's name begins with."""
    return cells.str.contains(_DRAWN)


def begins_as_a_sum(text: str) -> bool:
    """Say whether a text begins as a total does, whatever words come after it."""
    return _BEGINS.match(fold(text)) is not None


@lru_cache(maxsize=4096)
def kind_of_label(text: str) -> Kind:
    """Return whether a text names a sum of other rows, and only that.

    `total`: in that one word; `word` and `title`: it could be a product's name, too. "Total Clean 500 ml" and
    "Média Kit" have words of their own, and are none.
    """
    plain = fold(text).replace("sub-total", "subtotal").replace("\u03c3", "sum")
    plain = plain.replace(" ", "") if _SPACED.fullmatch(plain) else plain
    bare = _COUNTED.sub(" ", _DATE.sub(" ", _AMOUNT.sub(" ", plain)))
    words = _WORD.findall(bare)
    if not 0 < len(words) <= _MOST_WORDS or not all(word in VOCABULARY for word in words):
        return ""
    if any(word in _SUMS for word in words):
        if _TITLES.issuperset(words):
            return "title"
        return "total" if len(words) == 1 and words[0] in _TOTAL else "sum"
    if any(word in _WORDS for word in words):
        return "word" if len(words) == 1 else "sum"
    return ""
