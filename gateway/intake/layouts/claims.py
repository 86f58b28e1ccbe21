"""What a column's name, or an export that is known, says of the column's cells."""

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
