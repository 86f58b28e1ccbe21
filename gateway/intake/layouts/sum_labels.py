"""Texts that name a sum of other rows (`Total geral`, `Média`, `Saldo anterior`), by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

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
#: Letters with accents, and accents that stand alone.
_ACCENTED: Final = r"\x{a0}-\x{24f}\x{300}-\x{36f}\x{1e00}-\x{1eff}"


def _any_of(words: Iterable[str]) -> str:
    """Return the pattern of words whose letters may be capital or have accents."""
    every = ("".join(f"[{one}{one.upper()}{_ACCENTED}]+" if one.isalpha() else one for one in word) for word in words)
    return f"(?:{'|'.join(every)})"


_SUMMING: Final = _any_of(sorted(_SUMS | _WORDS | {"sub-total"}))
#: How a text looks that may name a sum: known words, then one of a sum; or letters that stand apart. Texts are held
#: against it before they are folded: folding all of them costs a hundred times as much.
MAY_BE: Final = (
    rf"^(?:[^a-zA-Z]|{_any_of(sorted(VOCABULARY))})*(?:\x{{03c3}}|\x{{03a3}}|{_SUMMING})"
    r"|^\s*(?:\pL\pM*\s+){2,}\pL\pM*\s*$"
)
#: How one begins that names a sum, with a word that nobody knows after it: "Total Camisa", "Grand total Shirts".
BEGINS: Final = rf"^\s*(?:[gG][rR][aA][nN][dD]\s+)?{_any_of(sorted(_SUMS | {'sub-total'}))}(?:[^\pL\pM]|$)"

Kind = Literal["sum", "title", "total", "word", ""]


@lru_cache(maxsize=4096)
def kind_of_label(text: str) -> Kind:
    """Say whether a text names a sum of other rows and nothing else.

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
