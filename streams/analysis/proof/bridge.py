"""Explains the change of revenue between two documents of a channel in steps that add up to the cent.

Revenue is split by product: units at the earlier average price are the volume, a product's own change of price on the
units sold now is the price, and what is left is the mix: dearer or cheaper products, new ones, and those that are gone.
Products that a document does not list are a step of their own, and so are costs. What a document does not tell is a
step without an amount.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from schemas.facts import ChannelFacts, Product
from streams.analysis.proof.cents import cents, exact, money

StepKind = Literal["volume", "price", "mix", "unlisted", "price_mix", "revenue", "refunds", "fees", "shipping"]

#: Products that a step names, those that changed most first.
MAX_PARTS: Final = 5
_SPLIT: Final[tuple[StepKind, ...]] = ("volume", "price", "mix")
#: Steps by what a sale costs its seller.
COSTS: Final[tuple[StepKind, ...]] = ("refunds", "fees", "shipping")


@dataclass(frozen=True, slots=True)
class Part:
    """One product's share of a step of the bridge."""

    sku: str
    title: str
    amount: float


@dataclass(frozen=True, slots=True)
class Step:
    """One cause of the difference: its effect on the contribution, negative for a loss. None: unknown."""

    kind: StepKind
    amount: float | None
    parts: list[Part] = field(default_factory=list)
    others: float | None = None  # of the amount, what no part tells; None where the amount is not known


@dataclass(frozen=True, slots=True)
class Bridge:
    """From what was left of the revenue after the known costs to what is left now: `before` + steps = `after`."""

    currency: str
    revenue_before: float
    revenue_after: float
    before: float
    after: float
    steps: list[Step]


Amounts = dict[str, Fraction]


def bridge(earlier: ChannelFacts, later: ChannelFacts) -> Bridge | None:
    """Return the change of revenue between two documents by cause; None without both revenues in one known currency."""
    was, now = _figure(earlier, "revenue"), _figure(later, "revenue")
    if was is None or now is None or earlier.currency != later.currency or not earlier.currency:
        return None
    titles = {p.sku: p.title for p in (*earlier.products, *later.products)}
    steps = _revenue_steps(earlier, later, cents(was), cents(now), titles)
    before, after = cents(was), cents(now)
    for kind in COSTS:
        then_cost, now_cost = _cost(earlier, kind), _cost(later, kind)
        if then_cost is None or now_cost is None:
            steps.append(Step(kind, None))
            continue
        before, after = before - cents(then_cost), after - cents(now_cost)
        parts = _differences(earlier, later, _COST_OF[kind])
        steps.append(_step(kind, cents(then_cost) - cents(now_cost), {s: -d for s, d in parts.items()}, titles))
    return Bridge(earlier.currency, was, now, money(before), money(after), steps)


def _revenue_steps(
    earlier: ChannelFacts, later: ChannelFacts, was: int, now: int, titles: Mapping[str, str]
) -> list[Step]:
    units_then, units_now = _figure(earlier, "units"), _figure(later, "units")
    if not units_then or units_now is None:
        parts = _differences(earlier, later, lambda p: p.revenue)
        return [Step(kind, None) for kind in _SPLIT] + [_step("revenue", now - was, parts, titles)]
    average = Fraction(was, 100) / exact(units_then)
    volumes: Amounts = {}
    prices: Amounts = {}
    mixes: Amounts = {}
    for sku, (one, other) in _pairs(earlier, later).items():
        sold_then, sold_now = exact(one.units or 0), exact(other.units or 0)
        paid_then, paid_now = exact(one.revenue or 0), exact(other.revenue or 0)
        volumes[sku] = (sold_now - sold_then) * average
        prices[sku] = paid_now - paid_then / sold_then * sold_now if sold_then and sold_now else Fraction(0)
        mixes[sku] = paid_now - paid_then - volumes[sku] - prices[sku]
    volume, price, mix = (round(sum(one.values(), Fraction(0)) * 100) for one in (volumes, prices, mixes))
    rest = now - was - volume - price - mix
    if lists_all(earlier) and lists_all(later):  # then it is what rounding left
        mix, rest = mix + rest, 0
    steps = [
        _step(k, a, p, titles) for k, a, p in zip(_SPLIT, (volume, price, mix), (volumes, prices, mixes), strict=True)
    ]
    return [*steps, _step("unlisted", rest, {}, titles)] if rest else steps


def _pairs(earlier: ChannelFacts, later: ChannelFacts) -> dict[str, tuple[Product, Product]]:
    """Return the products whose units and revenue both documents tell.

    A list of products ends somewhere. One that the other document does not list counts as not sold there only where
    that list has all that was sold.
    """
    then, now = _sold(earlier), _sold(later)
    pairs = {sku: (then[sku], now[sku]) for sku in then.keys() & now.keys()}
    if lists_all(later):
        pairs |= {sku: (one, _none_of(one)) for sku, one in then.items() if sku not in now}
    if lists_all(earlier):
        pairs |= {sku: (_none_of(other), other) for sku, other in now.items() if sku not in then}
    return pairs


def _sold(facts: ChannelFacts) -> dict[str, Product]:
    return {p.sku: p for p in facts.products if p.sku and p.units is not None and p.revenue is not None}


def lists_all(facts: ChannelFacts) -> bool:
    """Return whether the listed products are all that was sold: their sums are the channel's."""
    units, revenue, sold = _figure(facts, "units"), _figure(facts, "revenue"), _sold(facts).values()
    if units is None or revenue is None:
        return False
    listed = sum(cents(p.revenue or 0) for p in sold)
    return listed == cents(revenue) and sum(exact(p.units or 0) for p in sold) == exact(units)


def _none_of(product: Product) -> Product:
    return Product(product.sku, product.title, 0.0, 0.0, None)


def _differences(earlier: ChannelFacts, later: ChannelFacts, amount: Callable[[Product], float | None]) -> Amounts:
    """Return the increase of an amount for each product that both documents report."""
    then = {p.sku: value for p in earlier.products if p.sku and (value := amount(p)) is not None}
    now = {p.sku: value for p in later.products if p.sku and (value := amount(p)) is not None}
    return {sku: exact(now[sku]) - exact(then[sku]) for sku in then.keys() & now.keys()}


def _step(kind: StepKind, amount: int, parts: Amounts, titles: Mapping[str, str]) -> Step:
    rounded = {sku: round(part * 100) for sku, part in parts.items()}
    most = sorted((s for s, a in rounded.items() if a), key=lambda s: (-abs(rounded[s]), s))[:MAX_PARTS]
    named = [Part(sku, titles[sku], money(rounded[sku])) for sku in most]
    return Step(kind, money(amount), named, money(amount - sum(rounded[sku] for sku in most)))


def _figure(facts: ChannelFacts, metric: str) -> float | None:
    return next((f.value for f in facts.figures if f.metric == metric), None)


def _cost(facts: ChannelFacts, kind: StepKind) -> float | None:
    """Return a cost; shipping that brought money in is a negative one."""
    if kind != "shipping":
        return _figure(facts, kind)
    income = _figure(facts, "shipping_income")
    return _figure(facts, "shipping_cost") if income is None else -income


_COST_OF: Final[Mapping[StepKind, Callable[[Product], float | None]]] = {
    "refunds": lambda p: p.refunds,
    "fees": lambda p: p.fees,
    "shipping": lambda p: p.shipping,
}
