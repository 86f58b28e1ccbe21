"""Money as whole cents and exact fractions, so that parts add up to their sum."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction


def cents(amount: float) -> int:
    """Return an amount in whole cents, rounded."""
    return int((Decimal(str(amount)) * 100).to_integral_value(ROUND_HALF_EVEN))


def exact(value: float) -> Fraction:
    """Return a float's value as it is written: 0.1 is exactly one tenth."""
    return Fraction(str(value))


def money(amount_in_cents: int) -> float:
    """Return cents as an amount."""
    return amount_in_cents / 100
