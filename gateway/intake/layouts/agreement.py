"""Identify units, price and total by arithmetic: the columns that multiply are known, whatever they are called."""

from __future__ import annotations

from dataclasses import replace
from itertools import product as combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.guesses import SURE, Assignment, Guess
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words
from gateway.intake.values import CENTS

#: How sure a column without a name is, that makes price x units = total true.
_PRODUCT_ALONE: Final = 0.75
#: Words of a name by which an amount is what is left after something.
LEFT: Final = frozenset(("liquido", "liquida", "neto", "net"))
#: The word of a name by which an amount is a unit's, in its normal form.
_OF_A_UNIT: Final = "unitario"
#: Words of a name by which a column tells who bought or sold, or how it was paid: a note or a brand is none of them.
_OF_A_SALE: Final = frozenset((
    *("cliente", "client", "comprador", "consumidor", "destinatario", "customer", "buyer", "recipient", "cpf"),
    *("vendedor", "vendedora", "atendente", "representante", "salesperson", "rep", "seller"),
    *("forma", "meio", "metodo", "method", "bandeira"),
))  # fmt: skip
#: price x units = total in this share of the rows, to the cent or the hundredth part
_AGREES: Final = 0.9
_MOST_UNNAMED: Final = 8
#: A product's price changes by no more than this, as a share, where it is taken for one.
_STEADY: Final = 0.25
#: A name that fits one of the two so much better has decided between them.
_TELLS_APART: Final = 0.03
#: A name that is a price's so well is no weak one.
_CALLED: Final = 0.85


def checked(assignment: Assignment, headers: list[str], frame: pl.DataFrame) -> Assignment:
    """Hold units, price and total against each other; find those without a name by what they multiply to."""
    amounts = {i: p.amounts for i, p in enumerate(assignment.profiles) if p.number > 0.5}
    multiplied = _before_fees(_multiplied(assignment, headers, frame, amounts), headers, amounts)
    return _after_discount(multiplied, amounts)


def _multiplied(
    assignment: Assignment, headers: list[str], frame: pl.DataFrame, amounts: dict[int, pl.Series]
) -> Assignment:
    three = {name: assignment.column(name) for name in ("units", "price", "revenue")}
    known = [index for index in three.values() if index is not None]
    if len(known) == 3 and _agree(*(amounts.get(i) for i in known)):
        return _with(assignment, dict.fromkeys(three, 0.95))
    pools = {
        name: _pool(assignment, amounts, name, index, whole=name == "units", full=len(known) == 3)
        for name, index in three.items()
    }
    for units, price, total in combinations(pools["units"], pools["price"], pools["revenue"]):
        if len({units, price, total}) == 3 and _agree(amounts[units], amounts[price], amounts[total], proof=True):
            return _replaced(assignment, {"units": units, "price": price, "revenue": total})
    if len(known) == 3:
        return _with(assignment, {"revenue": min(0.8, assignment.confidence("revenue"))})
    return _one_amount(assignment, headers, amounts, frame)


def _pool(
    assignment: Assignment, amounts: dict[int, pl.Series], name: str, index: int | None, *, whole: bool, full: bool
) -> list[int]:
    """Return the columns that may be the field: its own first, then those that are nothing else for sure."""
    taken = {guess.index for guess in assignment.guesses.values() if guess.confidence >= SURE}
    if full:  # all three are named, but they do not fit: only amounts may change places
        taken -= {assignment.guesses[other].index for other in ("price", "revenue")}
    elif index is not None:
        return [index] if index in amounts else []
    free = [
        i
        for i in amounts
        if i not in taken
        and assignment.others.get(i) in (None, "_list_price")
        and not assignment.profiles[i].rising
        and not (assignment.profiles[i].date > 0.8 and not assignment.profiles[i].counted_date)
        and (not whole or assignment.profiles[i].whole > 0.9)
    ]
    own = [index] if index is not None and index in amounts else []
    return own if name == "units" and full else [*own, *(i for i in free if i not in own)][:_MOST_UNNAMED]


def _agree(units: pl.Series | None, price: pl.Series | None, total: pl.Series | None, *, proof: bool = False) -> bool:
    """Say whether price x units is the total; as a `proof` only where the units differ and there are some rows."""
    if units is None or price is None or total is None:
        return False
    frame = pl.DataFrame({"u": units, "p": price, "t": total}).drop_nulls().filter(pl.col("u") > 0)
    if proof:  # 0 = 0 x 2 shows nothing
        frame = frame.filter((pl.col("p") != 0) | (pl.col("t") != 0))
    if proof and (frame.height < 3 or not frame.filter(pl.col("u") > 1).height or frame["p"].n_unique() < 2):
        return False
    close = (pl.col("u") * pl.col("p") - pl.col("t")).abs() <= pl.max_horizontal(CENTS, pl.col("t").abs() * 0.01)
    return frame.height > 0 and float(str(frame.select(close.mean()).item())) >= _AGREES


def _before_fees(assignment: Assignment, headers: list[str], amounts: dict[int, pl.Series]) -> Assignment:
    """Take what was paid for the total, where the column that is called what is left of it is that less the fees."""
    total, fees = assignment.column("revenue"), assignment.column("fees")
    if total is None or fees is None or fees not in amounts or not LEFT & set(words(headers[total])):
        return assignment
    fee, left = amounts[fees].abs(), amounts[total]
    charged = (fee != 0).fill_null(value=False)
    lone = assignment.guesses.get("price") if assignment.column("units") is None else None
    taken = {guess.index for guess in assignment.guesses.values()} - ({lone.index} if lone is not None else set())
    for index, amount in amounts.items():
        if index in taken or index in assignment.others or LEFT & set(words(headers[index])):
            continue
        close = ((amount - fee.fill_null(0) - left).abs() <= CENTS).filter(charged)
        if float(str(close.mean() or 0)) >= _AGREES:
            kept = {name: guess for name, guess in assignment.guesses.items() if guess.index != index}
            return replace(assignment, guesses=kept | {"revenue": Guess(index, 0.9, kept["revenue"].by)})
    return assignment


def _after_discount(assignment: Assignment, amounts: dict[int, pl.Series]) -> Assignment:
    """Take what is left after the discount for the total, where a column tells it: that is what buyers paid."""
    total, discount = assignment.column("revenue"), assignment.column("discount")
    if total is None or discount is None or discount not in amounts:
        return assignment
    left = amounts[total] - amounts[discount].abs().fill_null(0)
    given_away = (amounts[discount] != 0).fill_null(value=False)
    if not given_away.any():
        return assignment
    taken = {guess.index for guess in assignment.guesses.values()}
    for index, amount in amounts.items():
        if index not in taken and index not in assignment.others:
            close = (amount - left).abs() <= CENTS
            if min(float(str(one.mean() or 0)) for one in (close, close.filter(given_away))) >= _AGREES:
                guesses = assignment.guesses | {"revenue": Guess(index, 0.9, assignment.guesses["revenue"].by)}
                return replace(assignment, guesses=guesses)
    return assignment


def _with(assignment: Assignment, confidences: dict[str, float]) -> Assignment:
    changed = {
        name: replace(guess, confidence=confidences[name]) if name in confidences and guess.by != "person" else guess
        for name, guess in assignment.guesses.items()
    }
    return replace(assignment, guesses=changed)


def _replaced(assignment: Assignment, columns: dict[str, int]) -> Assignment:
    """Return the assignment with the three that fit; whoever had one of these columns loses it."""
    kept = {
        name: guess
        for name, guess in assignment.guesses.items()
        if guess.index not in columns.values() and name not in columns
    }
    for name, index in columns.items():
        old = assignment.guesses.get(name)
        same = old is not None and old.index == index
        kept[name] = Guess(index, 0.9, old.by) if old is not None and same else Guess(index, _PRODUCT_ALONE, "content")
    return replace(assignment, guesses=kept)


def _one_amount(
    assignment: Assignment, headers: list[str], amounts: dict[int, pl.Series], frame: pl.DataFrame
) -> Assignment:
    """Tell whether a lone `Valor` beside units is a unit's price or the row's total."""
    name = next((name for name in ("revenue", "price") if name in assignment.guesses), None)
    units = assignment.column("units")
    if name is None or ("revenue" in assignment.guesses and "price" in assignment.guesses):
        return assignment
    guess = assignment.guesses[name]
    both = concepts(headers[guess.index])
    if both.get("revenue", 0) < SURE or both.get("price", 0) < SURE or guess.index not in amounts:
        return assignment
    rest = {other: other_guess for other, other_guess in assignment.guesses.items() if other != name}
    if units is None or units not in amounts:
        decided = "price" if _lists_offers(assignment, both, headers, guess.index) else "revenue"
        return replace(assignment, guesses=rest | {decided: guess})
    if abs(both["revenue"] - both["price"]) > _TELLS_APART:
        decided, confidence = max(("revenue", "price"), key=lambda named: both[named]), guess.confidence
    else:
        decided, confidence = _scales(assignment, frame, amounts[units], amounts[guess.index])
    return replace(assignment, guesses=rest | {decided: Guess(guess.index, round(confidence, 2), guess.by)})


def _lists_offers(assignment: Assignment, both: dict[str, float], headers: list[str], amount: int) -> bool:
    """Say whether what is rather called a price stands beside nothing that tells of a sale: a price list.

    Its name is a price's alone (`Valor unitário`), or a cost stands beside it. A buyer, a seller or a payment is told
    of sales; where a supplier stands beside, they may be the supplier's.
    """
    told = ("order_id", "at", "status", "month", "channel")
    sold = any(assignment.column(name) is not None for name in told)
    if not assignment.has("_supplier"):
        people = [index for index, name in assignment.others.items() if name in ("_person", "_payment")]
        sold = sold or any(_OF_A_SALE & set(words(headers[index])) for index in people)
    called = both["price"] >= _CALLED or _OF_A_UNIT in words(headers[amount]) or assignment.has("_cost")
    return called and not sold and both["price"] - both["revenue"] > _TELLS_APART


def _scales(assignment: Assignment, frame: pl.DataFrame, units: pl.Series, amount: pl.Series) -> tuple[str, float]:
    """Tell a price from a total: of a product, a price stays the same when the units change, a total does not."""
    known = pl.DataFrame({"u": units, "a": amount}).drop_nulls()
    if known.filter(pl.col("u") != 1).is_empty():
        return "revenue", 0.8
    key = next((i for name in ("sku", "title") if (i := assignment.column(name)) is not None), None)
    if key is None:
        return "price", 0.55
    groups = (
        pl.DataFrame({"k": frame.to_series(key), "u": units, "a": amount})
        .drop_nulls()
        .filter(pl.col("u") > 0)
        .group_by("k")
        .agg(
            pl.col("u").n_unique().alias("n"),
            _spread(pl.col("a")).alias("a"),
            _spread(pl.col("a") / pl.col("u")).alias("r"),
        )
        .filter(pl.col("n") > 1)
    )
    if groups.is_empty():
        return "price", 0.55
    as_price, as_total = float(str(groups["a"].mean())), float(str(groups["r"].mean()))
    steady, other = min(as_price, as_total), max(as_price, as_total)
    if steady > _STEADY or steady * 2 > other:
        return "price", 0.55
    return ("price", 0.85) if as_price < as_total else ("revenue", 0.85)


def _spread(values: pl.Expr) -> pl.Expr:
    return (values.max() - values.min()) / values.mean().abs().clip(lower_bound=0.01)
