"""The columns of a report of advertising besides its cost, and the days that stand above it or in its file's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from gateway.intake.month_names import MONTHS
from gateway.intake.words import fold

#: What buyers paid for what advertising sold, as reports call it. All are known from descriptions or from programs that
#: read such reports; the sales of one product or of direct clicks alone are not these.
SALES: Final = frozenset(
    {
        *("receita", "receita por publicidade", "receita de publicidade", "vendas atribuidas", "receita atribuida"),
        *("receita total", "gmv", "faturamento", "valor de conversao", "valor das conversoes", "sales", "total sales"),
        *("attributed sales", "ad sales", "ads sales", "7 day total sales", "14 day total sales", "gross revenue"),
        *("conversion value", "purchase value", "purchases conversion value", "ingresos", "ventas atribuidas"),
    }
)
IMPRESSIONS: Final = frozenset({"impressoes", "impressions", "impresiones"})
CLICKS: Final = frozenset({"cliques", "clicks", "clics"})
CAMPAIGNS: Final = frozenset(
    {
        *("campanha", "nome da campanha", "campaign", "campaign name", "campana", "nombre de la campana"),
        *("nome do anuncio", "ad name"),
    }
)
#: What tells which product was advertised: its SKU first, else the marketplace's number of it.
CODES: Final = (
    frozenset({"sku", "sku anunciado", "advertised sku", "seller sku"}),
    frozenset({"codigo do anuncio", "numero do anuncio", "id do anuncio", "id do produto", "id do item", "item id"}),
    frozenset({"advertised asin", "asin"}),
)
TITLES: Final = frozenset({"titulo do anuncio patrocinado", "titulo do anuncio", "produto", "nome do produto"})
#: Rows of words that were searched for may stand beside the row of their advertisement, which contains them.
PARTS: Final = frozenset(
    {
        *("palavra chave", "palavra chave localizacao", "keyword", "keyword text", "targeting", "search term"),
        *("customer search term", "termo de pesquisa", "termo de busca", "palabra clave"),
    }
)
_STARTS: Final = re.compile(r"\b(inicio|inicial|start|starts|desde|from|de inicio|begin)\b")
_ENDS: Final = re.compile(r"\b(encerramento|termino|fim|final|end|ends|ate|hasta|until|to)\b")
_UNIT: Final = re.compile(r"\(.*?\)|\[.*?\]")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})[/._-](\d{1,2})[/._-](20\d\d)(?!\d)")
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(20\d\d)[-/._]?(\d{2})[-/._]?(\d{2})(?!\d)")
#: `1 de fevereiro de 2026`, `Feb 1, 2026`
_IN_WORDS: Final = re.compile(
    r"(?<![a-z\d])(?:(\d{1,2})\s+(?:de\s+)?([a-z]{3,10})\.?|([a-z]{3,10})\.?\s+(\d{1,2}))[\s,;]+(?:de\s+)?(20\d\d)(?!\d)"
)
_MARKS: Final = (
    (re.compile(r"mercado[ _-]?ads|mercado[ _-]?li[vb]re|titulo do anuncio patrocinado"), "mercado_livre"),
    (re.compile(r"shopee"), "shopee"),
    (re.compile(r"\basin\b|amazon|sponsored[ _-](products|brands|display)"), "amazon"),
    (re.compile(r"tik[ _-]?tok"), "tiktok_shop"),
    (re.compile(r"magalu|magazine luiza"), "magalu"),
    (re.compile(r"shein"), "shein"),
)


def plain(header: str) -> str:
    """Return a header in lower case, without accents, signs and brackets."""
    return " ".join(re.sub(r"[^\w%]+", " ", _UNIT.sub(" ", fold(header)).replace("_", " ")).split())


def column(headers: Sequence[str], names: frozenset[str]) -> int | None:
    """Return the only column that is called so; None where none is, or several are."""
    found = [index for index, header in enumerate(headers) if plain(header) in names]
    return found[0] if len(found) == 1 else None


def begins(header: str) -> bool:
    return _STARTS.search(plain(header)) is not None


def ends(header: str) -> bool:
    return _ENDS.search(plain(header)) is not None


def period_in(texts: Iterable[str]) -> tuple[date, date] | None:
    """Return the first and last day that one of these texts names; None where none names just two in order."""
    for text in texts:
        folded = fold(text)
        words = _IN_WORDS.findall(folded)
        named = [(day or last, str(MONTHS.get(month or name, 0)), year) for day, month, name, last, year in words]
        for found in (_DAY_FIRST.findall(folded), _YEAR_FIRST.findall(folded), named):
            days = [_date(*map(int, parts if len(parts[0]) == 4 else parts[::-1])) for parts in found]
            if len(days) == 2 and days[0] and days[1] and days[0] <= days[1]:
                return days[0], days[1]
    return None


def marketplace_in(texts: Iterable[str]) -> str:
    """Return the one channel whose advertising these texts name; empty where none, or several are named."""
    whole = " ".join(re.sub(r"[\W_]+", " ", fold(text)) for text in texts)
    found = {channel for pattern, channel in _MARKS if pattern.search(whole)}
    return found.pop() if len(found) == 1 else ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
