"""Decide whether a lone amount beside units is the unit's price or the row's total; its name is one sign of several."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts.guesses import SURE, Assignment, Guess
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import LEFT, words
from gateway.intake.layouts.unit_or_row import Field, Shown, by_groups, by_list, by_others, by_products

#: The word of a name by which an amount is a unit's, in its normal form.
_OF_A_UNIT: Final = "unitario"
#: Words of a name that say of what the price is: then nothing is assumed.
_SAYS_A_UNIT: Final = frozenset((
    _OF_A_UNIT, "unidade", "unidad", "unit", "each", "peca", "pieza", "piece", "caixa", "caja", "rate",
))  # fmt: skip
#: Words of a name that says that it is a total: what products show is told beside it, and changes nothing.
_SAYS_A_TOTAL: Final = frozenset((
    "total", "subtotal", "soma", "totale", "gesamt", "gesamtpreis", "gesamtbetrag", "toplam", "thanh", "tong", "razem",
))  # fmt: skip
#: Words of a name by which a column tells who bought or sold, or how it was paid: a note or a brand is none of them.
_OF_A_SALE: Final = frozenset((
    *("cliente", "client", "comprador", "consumidor", "destinatario", "customer", "buyer", "recipient", "cpf"),
    *("vendedor", "vendedora", "atendente", "representante", "salesperson", "rep", "seller"),
    *("forma", "meio", "metodo", "method", "bandeira"),
))  # fmt: skip
#: A name that fits one of the two so much better has decided between them.
_TELLS_APART: Final = 0.03
#: A name that is a price's so well is no weak one.
_CALLED: Final = 0.85
READ_AS: Final[dict[Field, str]] = {
    "revenue": "“{column}” foi lida como o valor total da linha, e não como o preço de uma unidade: {why}. Se não é, "
    "diga isso em “Ver as colunas”.",
    "price": "“{column}” foi lida como o preço de uma unidade, e não como o valor total da linha: {why}. Se não é, "
    "diga isso em “Ver as colunas”.",
}
ASSUMED: Final[dict[Field, str]] = {
    "revenue": "Nada na tabela mostra se “{column}” é o preço de uma unidade ou o valor total da linha: foi lida como "
    "total, por suposição. Se é o preço, diga isso em “Ver as colunas”.",
    "price": "Nada na tabela mostra se “{column}” é o preço de uma unidade ou o valor total da linha: foi lida como "
    "preço, por suposição, e a receita é ele vezes as unidades. Se é o total, diga isso em “Ver as colunas”.",
}
NOT_GROWING: Final = (
    "“{column}” foi lida como o valor total da linha, como o nome diz, mas de um mesmo produto não cresce com as "
    "unidades. Se é o preço de uma unidade, diga isso em “Ver as colunas”."
)


def with_one_amount(
    assignment: Assignment, headers: list[str], amounts: dict[int, pl.Series], frame: pl.DataFrame
) -> Assignment:
    """Tell whether a lone amount beside units is a unit's price or the row's total.

    What the table surely shows stands above a name; a name that could be either's is decided by less. Where nothing
    shows it, the name counts, and that it is assumed is noted.
    """
    fields: tuple[Field, ...] = ("revenue", "price")
    given = [name for name in fields if name in assignment.guesses]
    sure = [name for name in given if assignment.confidence(name) >= SURE]
    given = sure if len(sure) == 1 else given  # the other one is not used
    if len(given) != 1 or assignment.guesses[given[0]].index not in amounts:
        return assignment
    (name,) = given
    guess, units = assignment.guesses[name], assignment.column("units")
    both = concepts(headers[guess.index])
    is_either = min(both.get(field, 0.0) for field in fields) >= SURE
    if units is None or units not in amounts:
        decided: Field = "price" if _lists_offers(assignment, both, headers, guess.index) else "revenue"
        return _as(assignment, decided if is_either else name, name, guess)
    shown = _shown(assignment, headers, frame, amounts, guess.index)
    several = bool((amounts[units].drop_nulls() != 1).any())
    if is_either and abs(both["revenue"] - both["price"]) <= _TELLS_APART:
        if not several:
            return _as(assignment, "revenue", name, replace(guess, confidence=0.8))
        decided, certain = ("price", 0.55) if shown is None else (shown.field, 0.85)
        return _as(assignment, decided, name, replace(guess, confidence=certain))
    named: Field = max(fields, key=lambda field: both.get(field, 0.0)) if is_either else name
    return _by_name(_as(assignment, named, name, guess), named, headers[guess.index], shown, is_assumed=several)


def _by_name(assignment: Assignment, named: Field, header: str, shown: Shown | None, *, is_assumed: bool) -> Assignment:
    """Return the amount as its name has it, or as the table surely shows it; what is assumed is noted."""
    own, guess = frozenset(words(header)), assignment.guesses[named]
    if shown is not None and shown.surely and shown.field != named:
        if shown.field == "price" and own & _SAYS_A_TOTAL:
            return _noted(assignment, NOT_GROWING.format(column=header))
        other = _as(assignment, shown.field, named, replace(guess, confidence=max(SURE, min(0.85, guess.confidence))))
        return _noted(other, READ_AS[shown.field].format(column=header, why=shown.why))
    may_be = min(concepts(header).get(field, 0.0) for field in ("revenue", "price")) >= SURE or named == "price"
    if shown is not None or not is_assumed or not may_be or own & (_SAYS_A_UNIT | _SAYS_A_TOTAL):
        return assignment
    return _noted(assignment, ASSUMED[named].format(column=header))


def _noted(assignment: Assignment, note: str) -> Assignment:
    return replace(assignment, notes=(*assignment.notes, note))


def _as(assignment: Assignment, field: Field, was: Field, guess: Guess) -> Assignment:
    rest = {name: one for name, one in assignment.guesses.items() if name != was}
    return replace(assignment, guesses=rest | {field: replace(guess, confidence=round(guess.confidence, 2))})


def _shown(
    assignment: Assignment, headers: list[str], frame: pl.DataFrame, amounts: dict[int, pl.Series], index: int
) -> Shown | None:
    """Return what other columns, else products, else groups of goods with one price each show the amount to be."""
    units = assignment.guesses["units"].index
    key = next((i for name in ("sku", "title") if (i := assignment.column(name)) is not None), None)
    beside = {i: one for i, one in amounts.items() if i not in (units, index) and not assignment.profiles[i].rising}
    of_rows = {i: one for i, one in beside.items() if _is_of_row(assignment, headers, i)}
    found = by_others(amounts[units], amounts[index], beside, of_rows)
    apart = assignment.others
    listed, rates = ([one for i, one in beside.items() if apart.get(i) == name] for name in ("_list_price", "_share"))
    found = by_list(amounts[units], amounts[index], listed, rates) if found is None else found
    if found is not None:
        return found
    if key is not None:
        return by_products(frame.to_series(key), amounts[units], amounts[index])
    groups = [i for i, name in assignment.others.items() if name == "_category"]
    told = (by_groups(frame.to_series(i), amounts[units], amounts[index]) for i in groups)
    return next((one for one in told if one is not None), None)


def _is_of_row(assignment: Assignment, headers: list[str], index: int) -> bool:
    """Say whether a column's amounts are of rows, and not of units, by what it is: fees, taxes, what is left."""
    fields = [name for name in ("fees", "refund") if assignment.column(name) == index]
    return bool(fields or LEFT & set(words(headers[index]))) or assignment.others.get(index) == "_tax"


def _lists_offers(assignment: Assignment, both: dict[str, float], headers: list[str], amount: int) -> bool:
    """Say whether what is rather called a price stands beside nothing that tells of a sale: a price list.

    Its name is a price's alone (`Valor unitário`), or a cost stands beside it. A buyer, a seller or a payment is told
    of sales; where a supplier stands beside, they may be the supplier's. A channel that cells alone tell
    (`fulfilled-by`) may be where it is offered.
    """
    told = ("order_id", "at", "status", "month")
    sold = any(assignment.column(name) is not None for name in told)
    channel = assignment.guesses.get("channel")
    sold = sold or (channel is not None and channel.confidence >= SURE and channel.by != "content")
    if not assignment.has("_supplier"):
        people = [index for index, name in assignment.others.items() if name in ("_person", "_payment")]
        sold = sold or any(_OF_A_SALE & set(words(headers[index])) for index in people)
    price = both.get("price", 0.0)
    called = price >= _CALLED or _OF_A_UNIT in words(headers[amount]) or assignment.has("_cost")
    return called and not sold and price - both.get("revenue", 0.0) > _TELLS_APART
