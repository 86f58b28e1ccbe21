"""Identify units, price and total by arithmetic: the columns that multiply are known, whatever they are called."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Final

import polars as pl

from gateway.intake.layouts.guesses import SURE, Assignment, Guess, sold_singly
from gateway.intake.layouts.lone_amount import with_one_amount
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import LEFT, words
from gateway.intake.layouts.seller_net import without_left
from gateway.intake.values import CENTS

#: How sure a column without a name is, that makes price x units = total true.
_PRODUCT_ALONE: Final = 0.75
#: price x units = total in this share of the rows, to the cent or the hundredth part
_AGREES: Final = 0.9
_MOSTLY: Final = 0.5
_MOST_UNNAMED: Final = 8
#: So sure a name can be nothing but a total's.
_SURELY_CALLED: Final = 0.85
#: A price is so many times the units, where nothing else tells them apart.
_DEARER: Final = 5
#: Words of a name that counts pieces.
_COUNTS: Final = frozenset(("quantidade", "quantity", "cantidad"))
_WHOLE_RATE: Final = 100
#: Words of a name that may be of what the seller got, or of what the buyer paid: sums tell which.
_GOT: Final = frozenset(("recebido", "recebida", "received", "recibido", "recibida"))
#: Words by which a name says that its amount is the whole order's.
OF_ORDERS: Final = frozenset(("pedido", "order", "orden", "pesanan"))


def checked(assignment: Assignment, headers: list[str], frame: pl.DataFrame) -> Assignment:
    """Check units, price and total against each other; find unnamed ones by multiplication."""
    amounts = {i: p.amounts for i, p in enumerate(assignment.profiles) if p.number > 0.5}
    assignment = _of_rows(without_left(assignment, amounts), headers, frame, amounts)
    multiplied = _before_fees(_multiplied(assignment, headers, frame, amounts), headers, amounts)
    return _after_discount(_not_by_rate(multiplied, amounts), amounts)


def _not_by_rate(assignment: Assignment, amounts: dict[int, pl.Series]) -> Assignment:
    """Take the amount for the discount where the column that is called so is the amount's rate: `5` of `418500`."""
    named, total = assignment.guesses.get("discount"), assignment.column("revenue")
    if named is None or total is None or named.index not in amounts or named.by in ("person", "agent"):
        return assignment
    rate = amounts[named.index]
    given = ((rate > 0) & (rate < _WHOLE_RATE)).fill_null(value=False)
    if not given.any() or bool((rate >= _WHOLE_RATE).any()):
        return assignment
    taken = {guess.index for guess in assignment.guesses.values() if guess.confidence >= SURE}
    for index, amount in amounts.items():
        if index in taken or index in assignment.others:
            continue
        close = ((amounts[total] * rate / _WHOLE_RATE - amount).abs() <= CENTS).filter(given)
        if float(str(close.mean() or 0)) >= _AGREES:
            others = {at: name for at, name in assignment.others.items() if at != index} | {named.index: "_share"}
            return replace(assignment, guesses=assignment.guesses | {"discount": Guess(index, 0.9)}, others=others)
    return assignment


def _multiplied(
    assignment: Assignment, headers: list[str], frame: pl.DataFrame, amounts: dict[int, pl.Series]
) -> Assignment:
    three = {name: assignment.column(name) for name in ("units", "price", "revenue")}
    if None not in three.values() and (better := _units_of_total(assignment, headers, amounts)) is not None:
        three["units"] = better
        counted = {"units": Guess(better, assignment.confidence("units"))}
        assignment = replace(assignment, guesses=assignment.guesses | counted)
    known = [index for index in three.values() if index is not None]
    if len(known) == 3 and _agree(*(amounts.get(i) for i in known)):
        return _with(assignment, dict.fromkeys(three, 0.95))
    if (pieces := _counted_total(assignment, amounts, three)) is not None:
        return _replaced(assignment, pieces)
    pools = {
        name: _pool(assignment, headers, amounts, name, index, full=len(known) == 3) for name, index in three.items()
    }
    # a total that is called so, before another one: beside amounts without a tax the price may be without it, too
    for total, units, price in product(pools["revenue"], pools["units"], pools["price"]):
        unnamed = three["units"] is None and three["price"] is None
        if len({units, price, total}) < 3 or (unnamed and _may_be_either(assignment, units, price)):
            continue
        if _agree(amounts[units], amounts[price], amounts[total], proof=True):
            return _replaced(assignment, {"units": units, "price": price, "revenue": total})
    if len(known) == 3:
        return _with(assignment, {"revenue": min(0.8, assignment.confidence("revenue"))})
    return with_one_amount(assignment, headers, amounts, frame)


def _counted_total(
    assignment: Assignment, amounts: dict[int, pl.Series], three: dict[str, int | None]
) -> dict[str, int] | None:
    """Return the three fields where what may be called a total counts pieces: times the price it makes another amount.

    `Total vendido` and `Valor unitário` beside `Arrecadação`.
    """
    units, price, total = three.values()
    if units is not None or price is None or total is None or assignment.confidence("revenue") >= _SURELY_CALLED:
        return None
    if assignment.guesses["revenue"].by in ("person", "agent") or not {price, total} <= amounts.keys():
        return None
    if assignment.profiles[total].whole < _AGREES:
        return None
    taken = {guess.index for guess in assignment.guesses.values() if guess.confidence >= SURE}
    for index, amount in amounts.items():
        free = index not in taken and index not in assignment.others
        if free and _agree(amounts[total], amounts[price], amount, proof=True):
            return {"units": total, "price": price, "revenue": index}
    return None


def _units_of_total(assignment: Assignment, headers: list[str], amounts: dict[int, pl.Series]) -> int | None:
    """Return another column of units that makes the total in more rows: what was invoiced of what was ordered."""
    units, price, total = (assignment.guesses[name].index for name in ("units", "price", "revenue"))
    if not {units, price, total} <= amounts.keys() or assignment.guesses["units"].by in ("person", "agent"):
        return None
    taken = {guess.index for guess in assignment.guesses.values()}
    others = [index for index in amounts if index not in taken and _COUNTS & set(words(headers[index]))]
    found = {index: _share(amounts[index], amounts[price], amounts[total]) for index in (units, *others)}
    best = max(found, key=lambda index: (found[index], index == units))
    return best if best != units and found[best] >= _AGREES else None


def _may_be_either(assignment: Assignment, units: int, price: int) -> bool:
    """Say whether both columns are small whole numbers, and only the first of them, or neither, is written as money."""
    pieces, amount = assignment.profiles[units], assignment.profiles[price]
    called = amount.money > pieces.money or amount.median > _DEARER * pieces.median
    return amount.whole > _AGREES and not called


def _share(units: pl.Series, price: pl.Series, total: pl.Series) -> float:
    """Return in which share of the rows price x units is the total."""
    return float(str(((units * price - total).abs() <= CENTS).drop_nulls().mean() or 0))


def _pool(
    assignment: Assignment,
    headers: list[str],
    amounts: dict[int, pl.Series],
    name: str,
    index: int | None,
    *,
    full: bool,
) -> list[int]:
    """Return the candidate columns of a field: its own first, then those without another sure meaning.

    Numbers that go up by one count rows, unless their name may be the field's.
    """
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
        and not (assignment.profiles[i].rising and not concepts(headers[i]).get(name))
        and not (assignment.profiles[i].date > 0.8 and not assignment.profiles[i].counted_date)
        and (name != "units" or assignment.profiles[i].whole > 0.9)
    ]
    own = [index] if index is not None and index in amounts else []
    return own if name == "units" and full else [*own, *(i for i in free if i not in own)][:_MOST_UNNAMED]


def _agree(units: pl.Series | None, price: pl.Series | None, total: pl.Series | None, *, proof: bool = False) -> bool:
    """Say whether price x units is the total; as a `proof` only where the units differ and there are some rows.

    Of single pieces price and total are one amount: most rows of several have to agree, too.
    """
    if units is None or price is None or total is None:
        return False
    frame = pl.DataFrame({"u": units, "p": price, "t": total}).drop_nulls().filter(pl.col("u") > 0)
    if proof:  # 0 = 0 x 2 shows nothing
        frame = frame.filter((pl.col("p") != 0) | (pl.col("t") != 0))
    if proof and (frame.height < 3 or not frame.filter(pl.col("u") > 1).height or frame["p"].n_unique() < 2):
        return False
    close = (pl.col("u") * pl.col("p") - pl.col("t")).abs() <= pl.max_horizontal(CENTS, pl.col("t").abs() * 0.01)
    several = close.filter((pl.col("u") > 1) & (pl.col("t") != 0)).mean().fill_null(1.0)
    every, some = frame.select(close.mean().alias("every"), several.alias("some")).row(0) if frame.height else (0, 0)
    return bool(every >= _AGREES and (not proof or some >= _MOSTLY))


def _before_fees(assignment: Assignment, headers: list[str], amounts: dict[int, pl.Series]) -> Assignment:
    """Take what was paid for the total, where the column that is called what is left of it is that less the fees.

    One that is called otherwise (`revenue`) is that, too, if it is the price less the fees, and nothing counts units.
    """
    total, fees = assignment.column("revenue"), assignment.column("fees")
    if total is None or fees is None or fees not in amounts or assignment.guesses["revenue"].by in ("person", "agent"):
        return assignment
    is_left = bool((LEFT | _GOT) & set(words(headers[total])))
    fee, left = amounts[fees].abs(), amounts[total]
    charged = ((fee != 0) & (left != 0)).fill_null(value=False)  # of a cancelled sale nothing is left
    lone = assignment.guesses.get("price") if assignment.column("units") is None else None
    taken = {guess.index for guess in assignment.guesses.values()} - ({lone.index} if lone is not None else set())
    for index, amount in amounts.items():
        if index in taken or index in assignment.others or LEFT & set(words(headers[index])):
            continue
        if not is_left and (lone is None or index != lone.index):
            continue
        close = ((amount - fee.fill_null(0) - left).abs() <= CENTS).filter(charged)
        if float(str(close.mean() or 0)) >= _AGREES:
            singly = {name: guess for name, guess in assignment.guesses.items() if name != "revenue"}
            if not is_left and sold_singly(replace(assignment, guesses=singly)):
                return replace(assignment, guesses=singly)  # a piece in each row, at its price
            kept = {name: guess for name, guess in assignment.guesses.items() if guess.index != index}
            return replace(assignment, guesses=kept | {"revenue": Guess(index, 0.9, kept["revenue"].by)})
    return assignment


def _after_discount(assignment: Assignment, amounts: dict[int, pl.Series]) -> Assignment:
    """Take what is left after the discount for the total, where a column tells it: that is what buyers paid."""
    total, named = assignment.column("revenue"), assignment.guesses.get("discount")
    if total is None or named is None or named.index not in amounts:
        return assignment
    discount = named.index  # an unsure one, too: that it adds up shows what it is
    left = amounts[total] - amounts[discount].abs().fill_null(0)
    given_away = (amounts[discount] != 0).fill_null(value=False)
    if not given_away.any():
        return assignment
    taken = {guess.index for guess in assignment.guesses.values()}
    for index, amount in amounts.items():
        if index not in taken and index not in assignment.others:
            close = (amount - left).abs() <= CENTS
            if min(float(str(one.mean() or 0)) for one in (close, close.filter(given_away))) >= _AGREES:
                sure = replace(named, confidence=max(named.confidence, 0.9))
                found = {"revenue": Guess(index, 0.9, assignment.guesses["revenue"].by), "discount": sure}
                return replace(assignment, guesses=assignment.guesses | found)
    return assignment


def _of_rows(
    assignment: Assignment, headers: list[str], frame: pl.DataFrame, amounts: dict[int, pl.Series]
) -> Assignment:
    """Take the row's own total for the order's, which may have taxes and freight besides, where both stand there.

    It is price times units less the discount, and an order's rows come to no more than the order.
    """
    total, order, units, price = (assignment.column(name) for name in ("revenue", "order_id", "units", "price"))
    if total is None or order is None or units not in amounts or price not in amounts or total not in amounts:
        return assignment
    guess, off = assignment.guesses["revenue"], assignment.guesses.get("discount")
    if guess.by in ("person", "agent") or not OF_ORDERS & set(words(headers[total])):
        return assignment
    left = amounts[units] * amounts[price]
    left = left - amounts[off.index].abs().fill_null(0) if off is not None and off.index in amounts else left
    taken = {one.index for one in assignment.guesses.values()} | assignment.others.keys()
    for index, amount in amounts.items():
        named = concepts(headers[index]).get("revenue", 0.0) >= SURE and not OF_ORDERS & set(words(headers[index]))
        if index in taken or not named or float(str(((amount - left).abs() <= CENTS).mean() or 0)) < _AGREES:
            continue
        rows = pl.DataFrame({"o": frame.to_series(order), "t": amounts[total], "r": amount}).drop_nulls()
        orders = rows.group_by("o").agg(pl.len().alias("n"), pl.col("t").max(), pl.col("r").sum())
        fits = float(str((orders["r"] <= orders["t"] + CENTS).mean() or 0))
        if fits >= _AGREES and bool((orders["n"] > 1).any()):
            return replace(assignment, guesses=assignment.guesses | {"revenue": replace(guess, index=index)})
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
