"""Normalises column names: `valor_total_venda`, `Valor Total (R$)` and `ValorTotalVenda` are one name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from gateway.intake.layouts.factors import money_of_factor, without_factor
from gateway.intake.layouts.table_names import in_words
from gateway.intake.words import currency_named, currency_spoken, fold, unaccented

#: `IDVenta` and `IDproducto` are two words, `SKUs` and `IDs` are one.
_CAMEL: Final = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z]{2,}\b)|(?<=[A-Z]{2})(?=[A-Z][a-z]{3})|(?<=\bID)(?=[a-z]{4})"
)
_BRACKETS: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_WORD: Final = re.compile(r"[^\W_]+")
#: `Nº`, `N.°`: without its sign it would be a word that is left out (`no`), and `Nº da nota` any note.
_NUMBER_SIGN: Final = re.compile(r"\b[nN]\s?\.?\s?[º°]")
_NUMBER_LAST: Final = re.compile(r"(?<=[a-z])[ _][nN][oO]\.\s*$")
#: Letters with points behind them: `N.F.`, `C.P.F.`
_DOTTED: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?![^\W_])")
_MONEY_SIGN: Final = re.compile(r"(?<!\w)[A-Za-z]{0,3}[$€£₹¥]")
_SIGN: Final = re.compile(r"[$€£₹¥]")
#: Names of channels that are one word, with capital letters in it.
_BRANDS: Final = re.compile(r"iFood|TikTok|eBay|AliExpress")
#: In a name with one of these words either the day or the month may come first; in other languages it is the day.
OF_ENGLISH_DATES: Final = frozenset(
    (
        *("date", "created", "time", "day", "when", "timestamp", "datetime", "purchased"),
        *("opened", "closed", "ordered", "placed", "paid", "processed", "sold"),
    )
)
#: Words of a name by which an amount is what is left after something.
LEFT: Final = frozenset(("liquido", "liquida", "neto", "net"))
#: What a program writes before the columns of an order's lines.
_OF_LINES: Final = re.compile(
    r"^[^/:]*\b(?:lines?|l[ií]neas?|linhas?|lignes?|righe|positionen|[ií]tems?|itens)\b[^/:]*[/:]\s*(.*)$",
    re.IGNORECASE,
)
_SEVERAL: Final = 2
_OF_PROGRAM: Final = re.compile(r"(?<=\S)\s+\([a-z]+(?:_[a-z]+)+\)\s*$")
_IN_PROGRAM: Final = re.compile(r"(?<=\S)\s+\([a-z_]+\)\s*$")
#: Words that change nothing.
_STOP: Final = frozenset(
    ("de", "do", "da", "dos", "das", "o", "os", "as", "em", "no", "na", "e", "por", "of", "the", "and", "y", "el", "la")
).union(("los", "las", "del"))
#: In brackets: what a price has in it, `(Incl. GST)`.
_WITH: Final = re.compile(r"inc(l|luding|lusive)?\b")
#: In brackets: what the numbers count, not what they are.
_UNITS: Final = frozenset(
    (
        *("un", "und", "unid", "unidade", "pcs", "pc", "kg", "g", "%", "dias", "days", "#", "rs"),
        *("d", "dong", "cai", "chiec"),  # of a folded (đ), (đồng), (cái), (chiếc)
    )
)
#: What may be a currency as a word, and mostly is not.
_NOT_SAID: Final = frozenset(("real",))
#: An amount in the hundredth part of its currency: `amount_cents`, `Valor (centavos)`, `price_in_cents`.
_HUNDREDTHS: Final = re.compile(
    r"(?<![^\W_])(?:(?:in|em|en)[\s_]+)?(?:cents|centavos|centimes|centesimi|groszy)(?![^\W_])", re.IGNORECASE
)
#: With or without them, an amount is not in them: `Valor (reais e centavos)`, `Total (sem centavos)`.
_WHOLE_UNITS: Final = re.compile(
    r"(?<![^\W_])(?:e|y|and|et|und|i|com|con|with|avec|sem|sin|without|sans|senza|bez)[\s_]+" + _HUNDREDTHS.pattern,
    re.IGNORECASE,
)
#: A formula that a program shows behind its name: `Fee (Rs.) = SUM(V:AD)`.
_FORMULA: Final = re.compile(r"=\s*[A-Z]+\([^()]*\)")
#: Short forms -> the word.
_SHORT: Final[dict[str, str]] = {
    short: word
    for word, shorts in {
        "valor": "vlr vl val vr",
        "liquido": "liq",
        "quantidade": "qtd qtde qtdd qte quant qt qnt qntd qntde qtidade",
        "quantity": "qty qnty",
        "cantidad": "cant",
        "data": "dt dta",
        "codigo": "cod cd cdg",
        "produto": "prod",
        "product": "prd",
        "numero": "n nr nro num number nbr",
        "pedido": "ped pdd",
        "marketplace": "mktplace mkp mktp mplace",
        "venda": "vda",
        "frete": "frt",
        "pagamento": "pgto pagto pgt",
        "fecha": "fec fch",
        "jumlah": "jml jlh",
        "unitario": "unit unitaria unitary unid und un unt uni",
        "total": "tot ttl",
        "amount": "amt",
        "price": "prc",
        "descricao": "descr",
        "comissao": "comis",
        "percentual": "perc pct",
        "fornecedor": "forn",
        "ultima": "ult",
        "referencia": "ref refer",
        "nome": "nm",
        "taxa": "tx",
        "transaction": "txn trx",
        "vendedor": "lojista seller",
    }.items()
    for short in shorts.split()
}
_KEEPS_ITS_S: Final = frozenset(
    ("status", "bonus", "plus", "campus", "tres", "basis", "analysis", "atras", "apos", "pais", "canvas")
)
_ENDINGS: Final = (("coes", "cao"), ("soes", "sao"), ("oes", "ao"), ("ais", "al"), ("eis", "el"), ("ies", "y"))


@lru_cache(maxsize=4096)
def alternatives(names: str) -> tuple[str, ...]:
    """Return the names that one column may have, which are written with ` | ` between them."""
    return tuple(names.split(" | "))


def plainly(header: str) -> str:
    """Return the header without accents; the sign of a number (`Nº`, `Voucher No.`) is written out, `N.F.` as `NF`."""
    numbered = _NUMBER_LAST.sub(" numero", _NUMBER_SIGN.sub("numero ", header))
    return unaccented(_DOTTED.sub(lambda found: found[0].replace(".", ""), numbered))


@lru_cache(maxsize=4096)
def words(header: str) -> tuple[str, ...]:
    """Return the header's words: folded, singular, short forms spelt out, without currency and unit in brackets."""
    bare = _BRANDS.sub(lambda found: f" {found[0].lower()} ", without_factor(_FORMULA.sub(" ", plainly(header))))
    spaced = _HUNDREDTHS.sub(" ", _CAMEL.sub(" ", _MONEY_SIGN.sub(" ", bare)))
    text = fold(_BRACKETS.sub(lambda found: " " if _is_unit(found[1]) else f" {found[1]} ", spaced))
    plain = [word for word in _WORD.findall(text) if word not in _STOP]
    if len(plain) > 1 and currency_named(plain[-1]):
        plain = plain[:-1]
    return tuple(_SHORT.get(word, _singular(word)) for word in plain)


def without_line_names(headers: Sequence[str]) -> list[str]:
    """Return the names without the word for an order's lines before them: `Order Lines/Quantity`, `Linhas / Produto`.

    Several columns have it, as programs write what stands in a table of its own.
    """
    lines = [bool(found and found[1]) for found in map(_OF_LINES.match, headers)]
    if sum(lines) < _SEVERAL:
        return list(headers)
    return [_OF_LINES.sub(r"\1", header) if is_line else header for header, is_line in zip(headers, lines, strict=True)]


def without_program_names(headers: Sequence[str]) -> list[str]:
    """Return the names without those of a program in brackets behind them: `Data da compra (date_created)`.

    Several columns have one of more than one word; then one of a single word, `(status)`, is a program's, too. Fields
    of a database (`D2_QUANT`) are said in words.
    """
    headers = in_words(headers)
    if sum(_OF_PROGRAM.search(header) is not None for header in headers) <= _SEVERAL:
        return list(headers)
    return [_IN_PROGRAM.sub("", header) for header in headers]


@lru_cache(maxsize=4096)
def in_hundredths(header: str) -> bool:
    """Say whether a header tells that its amounts are in cents: `amount_cents`, `amountCents`, `Valor (centavos)`."""
    spaced = _CAMEL.sub(" ", plainly(header))
    return _HUNDREDTHS.search(spaced) is not None and _WHOLE_UNITS.search(spaced) is None


@lru_cache(maxsize=4096)
def currency_in(header: str) -> str | None:
    """Return the currency that a header names: `Valor (R$)`, `Total US$`, `[USD]`, `Valor BRL`, `price_brl`."""
    for inner in (*_BRACKETS.findall(header), money_of_factor(header)):
        if code := _currency_of(inner):
            return code
    written = re.split(r"[\s_/]+", header.strip())
    for part in written:
        word = part.strip("()[]:*.")
        is_meant = bool(_SIGN.search(word)) or (word.isupper() and len(word) > 1) or word == "Rp"
        if is_meant and (code := currency_named(word)):
            return code
    return currency_named(written[-1]) if "_" in header else None


def is_plural(header: str) -> bool:
    """Say whether the header's last word is a plural: `Pedidos` counts orders, `Pedido` names one."""
    found = [word for word in _WORD.findall(fold(header)) if word not in _STOP]
    return bool(found) and found[-1] != _singular(found[-1])


def _is_unit(text: str) -> bool:
    inner = fold(text).strip(" .")
    if _WITH.match(inner):
        return True
    return not inner or inner in _UNITS or _currency_of(inner) is not None


def _currency_of(inner: str) -> str | None:
    """Return the currency that stands in brackets, also as a word: `(reais)`. `(real)` is what is not planned."""
    return currency_named(inner) or (None if fold(inner) in _NOT_SAID else currency_spoken(inner))


def _singular(word: str) -> str:
    if word in _KEEPS_ITS_S or len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    for plural, singular in _ENDINGS:
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word[: -len(plural)] + singular
    return word[:-1]
