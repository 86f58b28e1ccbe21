"""Derives from a column's name, or from a known export, what its cells have to be."""

from __future__ import annotations

from enum import StrEnum


class Claim(StrEnum):
    """What cells have to be. An empty string in its place: nothing is said of them."""

    AMOUNT = "amount"
    COUNT = "count"
    DAY = "day"
    CODE = "code"
    NAME = "name"
    YEAR = "year"
