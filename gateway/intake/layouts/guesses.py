"""The fields that a table's columns were assigned to, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gateway.intake.layouts.content import Profile
from schemas.facts import GuessedBy

#: From here on a guess is used; below, a person is asked.
SURE: Final = 0.6
#: A name this good needs no other evidence that the table tells of sales.
_STRONG: Final = 0.85
#: Plausible, and not sure enough.
UNSURE: Final = 0.5
#: How sure a sale is whose amounts agree, where nothing but its payment tells that it is one.
_PAID_FOR: Final = 0.7
#: Of so many amounts below zero an account may tell: of few, sales that were paid back.
_BOOKED: Final = 0.1
#: An order's `Total` of so much is no count of its items.
_NO_COUNT: Final = 100
#: So many of the rows tell that an order was sent, where they are orders.
_SENT: Final = 0.2
#: No order has so many times the worth of one of its rows.
_OUT_OF_SCALE: Final = 10_000
#: So many of a column's cells are numbers where it holds amounts.
_AMOUNTS: Final = 0.9
#: What further columns of fees are, where a person says that several are.
ADDED: Final = "_added"


@dataclass(frozen=True, slots=True)
class Guess:
    """One field's column."""

    index: int
    confidence: float
    by: GuessedBy = "name"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which column has which field. `others`: column -> another meaning (`_cost`, `_person`).

    `notes`: what a person is told of it, where the table is read as sales.
    """

    guesses: dict[str, Guess]
    others: dict[int, str] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> int | None:
        """Return the field's column if it is sure enough."""
        guess = self.guesses.get(name)
        return guess.index if guess is not None and guess.confidence >= SURE else None

    def confidence(self, name: str) -> float:
        """Return the confidence of the field's column, 0 without one."""
        return self.guesses[name].confidence if name in self.guesses else 0.0

    def has(self, concept: str) -> bool:
        """Say whether a column is this other concept."""
        return concept in self.others.values()


def certainty(assignment: Assignment, *, in_text: bool) -> float:
    """Return how sure it is that these are sales with an amount of money, 0..1.

    A table in running text has to name a product or an order, or to be sure of its revenue; a file's table may have
    only days.
    """
    sure = {name: guess.confidence for name, guess in assignment.guesses.items()}
    money = max(sure.get("revenue", 0.0), min(sure.get("price", 0.0), sure.get("units", 0.0)))
    if sold_singly(assignment):
        money = max(money, sure["price"])
    is_summary = not in_text or sure.get("revenue", 0.0) >= _STRONG
    things = ["order_id", "sku", "title"] + (["at", "month", "channel"] if is_summary else [])
    if not sure.get("revenue") and _is_catalogue(assignment) and not _is_timed(assignment):
        money = min(money, UNSURE)  # brand, category, price and quantity: a catalogue may be all that it is
    thing = max(sure.get(name, 0.0) for name in things)
    if not in_text and _is_paid_for(assignment):
        thing = max(thing, _PAID_FOR)
    strong = [name for name in ("order_id", "sku", "title", "units", "channel") if sure.get(name, 0.0) >= _STRONG]
    if _is_out_of_scale(assignment):
        return UNSURE
    unclear = money < _STRONG and not (strong and _is_money(assignment)) and not _lists_orders(assignment)
    if unclear or _may_be_an_account(assignment):
        return min(money, thing, UNSURE)
    return min(money, thing)


def _is_out_of_scale(assignment: Assignment) -> bool:
    """Say whether units times price are far from an amount beside them that is not sure to be their total.

    Then one of them is written without its decimal point: `6900000` for 69 pieces of money.
    """
    total = assignment.guesses.get("revenue")
    price, units = assignment.column("price"), assignment.column("units")
    if total is None or total.confidence >= SURE or total.by != "name" or price is None or units is None:
        return False
    beside = assignment.profiles[total.index]
    worth = assignment.profiles[price].median * assignment.profiles[units].median
    return min(worth, beside.median) > 0 and beside.number >= _AMOUNTS and worth / beside.median > _OUT_OF_SCALE


def _may_be_an_account(assignment: Assignment) -> bool:
    """Say whether days and amounts, many of them below zero, may be an account: nothing tells of goods or orders."""
    total = assignment.guesses.get("revenue")
    if total is None or total.by in ("person", "agent") or assignment.profiles[total.index].negative < _BOOKED:
        return False
    return not any(name in assignment.guesses for name in ("order_id", "sku", "units", "price", "channel", "status"))


def sold_singly(assignment: Assignment) -> bool:
    """Say whether each row is one piece sold: it has an order, a day and a price, and nothing counts or sums up.

    Without a number, a product is one that was sold if what became of it tells so, or how it was paid stands beside
    who sold or judged it.

    Where a supplier stands beside, it may as well be bought; small whole numbers that nobody knows may count pieces.
    """
    counted = "units" in assignment.guesses or "revenue" in assignment.guesses or _may_count(assignment)
    ordered = assignment.confidence("order_id") >= _STRONG or _is_of_a_sale(assignment)
    priced = assignment.confidence("price") >= _STRONG
    return (
        ordered and priced and assignment.column("at") is not None and not counted and not assignment.has("_supplier")
    )


def _is_of_a_sale(assignment: Assignment) -> bool:
    """Say whether a row that names its product is of its sale: sent, or paid for by one who is named or judged it."""
    if assignment.confidence("title") < _STRONG:
        return False
    status = assignment.column("status")
    if status is not None and assignment.profiles[status].sent >= _SENT:
        return True
    return assignment.has("_payment") and (assignment.has("_rating") or assignment.has("_person"))


def _may_count(assignment: Assignment) -> bool:
    known = {guess.index for guess in assignment.guesses.values()} | assignment.others.keys()
    return any(
        min(profile.number, profile.whole) >= _AMOUNTS and 1 < profile.maximum <= _NO_COUNT and not profile.rising
        for index, profile in enumerate(assignment.profiles)
        if index not in known
    )


def may_be_sales(assignment: Assignment) -> bool:
    """Return whether an unsure table may be of sales, so that a person should be asked.

    It has amounts that are nothing else for certain, beside a day, a month or a year, a product or an order.
    """
    known = {guess.index for guess in assignment.guesses.values()} | assignment.others.keys()
    amounts = [i for i, profile in enumerate(assignment.profiles) if profile.number >= _AMOUNTS and i not in known]
    money = any(assignment.confidence(name) > 0 for name in ("revenue", "price", "units"))
    # what an order costs may be what its buyer paid
    money = money or (assignment.has("_cost_total") and assignment.confidence("order_id") >= _STRONG)
    times = ("at", "month", "year")
    things = any(assignment.confidence(name) > 0 for name in ("order_id", "sku", "title", "channel", *times))
    things = things or (money and assignment.has("_person"))
    words = any(p.filled > 0 and p.number < _AMOUNTS and i not in known for i, p in enumerate(assignment.profiles))
    return (money or bool(amounts)) and (things or (money and words))


def _is_paid_for(assignment: Assignment) -> bool:
    """Say whether units times price are the total, and how each row was paid stands beside: what was sold has no name.

    Bills of suppliers look the same.
    """
    amounts = min(assignment.confidence(name) for name in ("units", "price", "revenue"))
    return amounts >= _STRONG and assignment.has("_payment") and not assignment.has("_supplier")


def _is_catalogue(assignment: Assignment) -> bool:
    return assignment.has("_category") or assignment.has("_supplier")


def _lists_orders(assignment: Assignment) -> bool:
    """Say whether these are orders without their items: a number, a day, an amount with cents, and what was sent.

    What is only paid, or open, may be bills; with suppliers they are purchases.
    """
    status, total = assignment.column("status"), assignment.column("revenue")
    if status is None or total is None or assignment.column("at") is None or assignment.has("_supplier"):
        return False
    written = assignment.profiles[total]
    numbered = assignment.column("order_id") is not None
    return numbered and assignment.profiles[status].sent >= _SENT and written.money > 0.5 and not written.negative


def _is_timed(assignment: Assignment) -> bool:
    """Say whether something tells when, where or in which order it was sold."""
    return any(assignment.column(name) is not None for name in ("order_id", "at", "month", "channel", "status"))


def _is_money(assignment: Assignment) -> bool:
    """Say whether a vaguely named total is an amount of money: beside units, or written as one. `Total` may count."""
    total = assignment.column("revenue")
    if total is None or assignment.column("units") is not None or assignment.column("price") is not None:
        return True
    profile = assignment.profiles[total]
    if assignment.confidence("order_id") >= _STRONG and profile.median >= _NO_COUNT and not profile.rising:
        return True
    if assignment.has("_payment") and assignment.has("_person") and assignment.column("at") is not None:
        return True  # somebody paid it, on that day and in that way: nobody pays counts
    counts = profile.floated >= _AMOUNTS and profile.maximum <= _NO_COUNT  # `27.0`: a program's whole numbers
    return (profile.money > 0.5 and not counts) or assignment.guesses["revenue"].by == "person"
