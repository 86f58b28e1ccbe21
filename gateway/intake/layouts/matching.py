"""Scores how well a column's name fits each field or other concept, 0 to 1."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Final

from gateway.intake.layouts.composed import SURENESS, composed, costs_of_market
from gateway.intake.layouts.dictionary import MONEY, STRONG, WEAK, WEAKER
from gateway.intake.layouts.dictionary_abroad import OTHERS_ABROAD, STRONG_ABROAD, WEAKER_ABROAD
from gateway.intake.layouts.dictionary_east import OTHERS_EAST, STRONG_EAST
from gateway.intake.layouts.dictionary_others import NEUTRAL, NEUTRAL_OF_AMOUNTS, NEUTRAL_OF_CODES, OTHERS
from gateway.intake.layouts.names import currency_in, is_plural, plainly, words
from gateway.intake.layouts.tax_asides import is_taxed, without_tax_aside
from gateway.intake.words import fold

#: What each neutral word besides takes away, and what is left where a word besides is not known.
_LESS_EACH: Final = 0.08
_ONLY_PART: Final = 0.45
#: A name that is a tax's this well is its rate where it has a `%`.
_RATE: Final = 0.85
#: `Desconto (% ou valor)`: the cells tell which of both.
_OR_AMOUNT: Final = re.compile(r"[(\[]?%\s*(?:ou|or|o|/)\s*(?:valor|value|r?\$)[)\]]?", re.IGNORECASE)
#: `Quantidade (- Reembolso)` is what is left of a quantity.
_LESS: Final = re.compile(r"\(\s*-[^)]*\)")
#: `Item #` numbers the items of an order, and counts none.
_NUMBERS_ITEMS: Final = re.compile(r"(?i)^\s*(item|[ií]tem|line|linha|l[ií]nea)\s*#\s*$")
#: `item_orden` is an item's place within its document, and no order.
_ITEM_ORDER: Final = re.compile(r"(?i)^\s*([ií]tem|l[ií]nea|linha)[\s_]*(de\s+)?orde[nm]\s*$")
#: `Taxa cartão (4,99%)` is the amount that the rate makes, and no share.
_OF_RATE: Final = re.compile(r"\s*\(\s*\d+([.,]\d+)?\s*%\s*\)")
#: A name that says that taxes are not in its amounts is worth so much of the same name with them.
_UNTAXED: Final = 0.95
#: `# PRODUCTO` numbers products. It makes no name known: a person's may stand behind it.
_HASH: Final = re.compile(r"#(?=\s?[^\W\d_])")
#: Of several exact names the earlier in the dictionary is the better one, by this little.
_LESS_LATER: Final = 0.001
#: What may name something: a letter, a share, or a sign that is none of ASCII. Half of the cells that are asked about
#: are amounts, days and codes of digits.
_MAY_NAME: Final = re.compile(r"[A-Za-z%]|[^\x00-\x7f]")


def concepts(header: str) -> dict[str, float]:
    """Return concept -> how well the name fits. Those that begin with `_` are no fields."""
    if _NUMBERS_ITEMS.search(header) or _ITEM_ORDER.search(header):
        return {"_row": 1.0}
    return _concepts(header) if _MAY_NAME.search(header) else {}


@lru_cache(maxsize=4096)
def _concepts(header: str) -> dict[str, float]:
    header = _OF_RATE.sub("", header)
    said, header = header, _HASH.sub("numero ", _LESS.sub("", _OR_AMOUNT.sub("", without_tax_aside(header))))
    own = frozenset(words(_spaced(header)))
    found: dict[str, float] = {}
    for part in _parts(own):
        for concept, score in _EXACT.get(part, ()):
            besides = own - part
            if besides <= (_BESIDES_AMOUNTS if concept in _AMOUNTS else _BESIDES_CODES):
                fit = score - _LESS_EACH * len(besides)
            else:
                fit = _ONLY_PART * score * len(part) / len(own)
            found[concept] = max(found.get(concept, 0.0), fit)
    found = _without_time(header, _with_composed(own, found))
    if "%" in header:
        return (
            {"_tax_rate": 1.0} if max(found.get("_tax", 0.0), found.get("_tax_rate", 0.0)) >= _RATE else {"_share": 1.0}
        )
    if is_taxed(said) is False:  # of two amounts the one with the taxes is what was paid
        found = {concept: fit * _UNTAXED for concept, fit in found.items()}
    if own & _COUNTING and not own & _WORTH:  # `QTD_VENDA` counts what was sold, whatever else is called a sale
        found = {concept: fit for concept, fit in found.items() if concept not in MONEY}
    if own & _PRICED:  # `Sold Price` counts nothing that was sold
        found = {concept: fit for concept, fit in found.items() if concept != "units"}
    if own & _CODES and not own & _SAID:  # `product_key`, beside a SKU, is no title
        found = {concept: fit for concept, fit in found.items() if concept != "title"}
    if own & _STATES and not own & _WORTH:  # `commission_status` is no commission
        found = {concept: fit for concept, fit in found.items() if concept not in MONEY}
    if currency_in(header) or _SIGNED.search(header):  # `VENTA $` is an amount, and numbers nothing
        found = {concept: fit for concept, fit in found.items() if concept not in _NO_AMOUNTS}
        if "revenue" in found and own <= _SOLD:  # `Vendas (R$)` counts no pieces
            found["revenue"] = _SURELY
    return _counts(header, own, _of_each(said, found))


def _without_time(header: str, found: dict[str, float]) -> dict[str, float]:
    """Return the concepts without amounts where the name tells how long it took: `dias_pedido_faturamento`."""
    if not _OF_TIME.search(plainly(header)):
        return found
    return {concept: fit for concept, fit in found.items() if concept not in MONEY and concept != "units"}


def _with_composed(own: frozenset[str], found: dict[str, float]) -> dict[str, float]:
    """Return the concepts with what the name's words make together, where no whole name says more."""
    if max(found.values(), default=0.0) < SURENESS:
        return found | composed(own)
    if "fees" in found and costs_of_market(own):
        return {concept: fit for concept, fit in found.items() if concept != "_cost"}
    return found


#: `Receita por venda` is what a sale brings on average, where a row is not one sale: then it has no sum.
_OF_EACH: Final = re.compile(
    r"(?i)[\s_(](por|per)[\s_](venda|pedido|cliente|comprador|visita|sess[aã]o|transa[cç][aã]o|usu[aá]rio|ticket|"
    r"sale|order|customer|buyer|visit|session|transaction|user|venta|orden|transacci[oó]n|usuario)s?\b"
)
_UNSURE: Final = 0.5


def _of_each(header: str, found: dict[str, float]) -> dict[str, float]:
    if "revenue" in found and _OF_EACH.search(plainly(header)):
        return found | {"revenue": min(found["revenue"], _UNSURE)}
    return found


#: Words of a name that counts pieces, and those with which it may tell what they are worth.
_COUNTING: Final = frozenset(("quantidade", "quantity", "cantidad", "quantite", "quantita"))
_WORTH: Final = frozenset(("valor", "value", "preco", "price", "precio", "amount", "importe", "monto"))
#: Words of a name that is a price's.
_PRICED: Final = frozenset(("preco", "price", "precio"))
#: Words of a name of codes, and those with which it may be of what is said in words.
_CODES: Final = frozenset(("id", "codigo", "code", "key"))
_SAID: Final = frozenset(("nome", "name", "descricao", "description", "descripcion", "titulo", "title"))
#: Words of a name that tells what became of something.
_STATES: Final = frozenset(("status", "situacao", "situacion", "estatus"))
#: What a name with a currency is not.
_NO_AMOUNTS: Final = frozenset(("order_id", "sku", "status", "at", "channel", "_count"))
#: What was sold, in a name that alone may count pieces as well; how sure an amount of it is.
_SOLD: Final = frozenset(("venda", "venta", "penjualan"))
#: In Indonesian one word is a sale, sales, and how many were sold.
_SOLD_ALONE: Final = "penjualan"
_SURELY: Final = 0.9
_SIGNED: Final = re.compile(r"[$€£₹¥₫฿]")


def _spaced(header: str) -> str:
    """Return the header with a blank between words that are written as one: `ORDERNUMBER`, `precounitario`."""
    return " ".join(_cut(part) for part in re.split(r"[\s_]+", plainly(header)))


def _cut(word: str) -> str:
    plain = fold(word)
    if plain in _WRITTEN or not _LONG.fullmatch(plain):
        return word
    for size in range(len(plain) - 2, 2, -1):
        first, rest = plain[:size], plain[size:]
        if first in _WRITTEN:
            second = rest if rest in _WRITTEN else _cut(rest)
            if second in _WRITTEN or " " in second:
                return f"{first} {second}"
    return word


def is_known(header: str) -> bool:
    """Say whether a header has a word of the dictionary: then it is a column's name, and not a person's."""
    return bool(_VOCABULARY & set(words(header)))


def _counts(header: str, own: frozenset[str], found: dict[str, float]) -> dict[str, float]:
    """Tell `Pedidos`, which counts orders, from `Pedido`, which names one: they are one normal form."""
    if not is_plural(header) and _LATIN.search(header):
        numbers = {"order_id": _UNSURE} if fold(header).strip(" .:") == _SOLD_ALONE else {}
        return {concept: fit for concept, fit in found.items() if concept != "_count"} | numbers
    if "sku" in own and own != {"sku"}:  # `Quantidade de SKUs` counts kinds of goods, and no pieces
        return {concept: fit for concept, fit in found.items() if concept != "units"}
    if _OF_LINES.search(plainly(header)):  # `qtd_linhas` counts an order's lines, each of some pieces
        return {concept: fit for concept, fit in found.items() if concept != "units"}
    if own == _ITEM_NUMBER:  # `Number of Items`, and no `Item Number`
        return {"units": found.get("sku", 1.0)}
    if own == _ITEM_TOTAL and not _OF_THE.search(header):  # `total_items` counts them; `Total dos itens` may be money
        return {concept: fit for concept, fit in found.items() if concept != "revenue"} | {"units": 1.0}
    if own in ({"venda"}, {"venta"}):
        return {**found, "order_id": 0.5}
    if "order_id" in found and own <= _COUNTED:
        return {"_count": 1.0, "order_id": 0.5} | {name: found[name] for name in ("revenue",) if name in found}
    counts_them = "numero" in own and len(own) == _A_PAIR  # `Nº productos`, which numbers none
    return {concept: fit for concept, fit in found.items() if not counts_them or concept not in _NUMBERED}


#: A name that counts days or hours, of whatever comes after them.
_OF_TIME: Final = re.compile(
    r"(?i)^\W*(?:(?:qtde?|quantidade|n[uú]mero|num|m[eé]dia|total|qty|number|count|cantidad|avg|average)[\s_.]+"
    r"(?:de[\s_]+|of[\s_]+|em[\s_]+|in[\s_]+)?)?(?:dias|d[ií]as|days|horas|hours|minutos|minutes)[\s_]+(?!extras\b)"
)
#: A name that counts lines.
_OF_LINES: Final = re.compile(
    r"(?i)(?:^|[\s_])(?:qtde?|quantidade|n[uú]mero|num|total|qty|quantity|number|count|cantidad)[\s_.]+"
    r"(?:de[\s_]+|of[\s_]+|order[\s_]+)?(?:linhas|lines|l[ií]neas)(?:[\s_]|$)"
)
#: Of these letters `Pedido` and `Pedidos` are one normal form.
_LATIN: Final = re.compile(r"[A-Za-z]")
_ITEM_NUMBER: Final = frozenset(("numero", "item"))
_A_PAIR: Final = 2
_NUMBERED: Final = frozenset(("order_id", "sku", "title"))
_ITEM_TOTAL: Final = frozenset(("total", "item"))
_OF_THE: Final = re.compile(r"(?i)\b(dos|das|of)\b|[$€£₹¥₫฿]")
_COUNTED: Final = frozenset(("pedido", "order", "transacao", "orden", "total", "numero"))


def _parts(own: frozenset[str]) -> list[frozenset[str]]:
    """Return the sets of words in the dictionary that the name has."""
    keys: set[frozenset[str]] = set()
    for word in own:
        keys.update(key for key in _BY_WORD.get(word, ()) if key <= own)
    return list(keys)


#: The dictionaries, and how sure a name of each is.
_NAMES: Final = (
    (STRONG, 1.0),
    (WEAKER, WEAK),
    (OTHERS, 1.0),
    (STRONG_ABROAD, 1.0),
    (WEAKER_ABROAD, WEAK),
    (OTHERS_ABROAD, 1.0),
    (STRONG_EAST, 1.0),
    (OTHERS_EAST, 1.0),
)


def _index() -> dict[frozenset[str], list[tuple[str, float]]]:
    found: dict[frozenset[str], list[tuple[str, float]]] = defaultdict(list)
    for names, score in _NAMES:
        for concept, listed in names.items():
            for place, name in enumerate(listed.split(",")):
                found[frozenset(words(name.strip()))].append((concept, score - _LESS_LATER * place))
    found.pop(frozenset(), None)
    return dict(found)


_EXACT: Final = _index()
_AMOUNTS: Final = (
    MONEY
    | {"units", "returned_units", "_cost", "_cost_total", "_packaging", "_tax", "_tax_rate", "_stock", "_stock_other"}
    | {"_list_price", "_margin"}
)


def _normal(*named: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for names in named for name in names for word in words(name))


_BESIDES_AMOUNTS: Final = _normal(NEUTRAL, NEUTRAL_OF_AMOUNTS)
_BESIDES_CODES: Final = _normal(NEUTRAL, NEUTRAL_OF_CODES)
_BY_WORD: Final[dict[str, list[frozenset[str]]]] = defaultdict(list)
for _key in _EXACT:
    for _word in _key:
        _BY_WORD[_word].append(_key)
_VOCABULARY: Final = frozenset(_BY_WORD)
#: The same words as they are written, without the short ones, which stand in every other word by chance.
_WRITTEN: Final = frozenset(
    word
    for names, _ in _NAMES
    for listed in names.values()
    for word in re.findall(r"[^\W\d_]+", fold(listed))
    if len(word) > 3 or word == "id"
)
#: Letters only, long enough to be two words.
_LONG: Final = re.compile(r"[^\W\d_]{6,40}")
