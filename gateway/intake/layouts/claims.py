"""What a column's name, or an export that is known, says of the column's cells."""

from __future__ import annotations

from typing import Final

AMOUNT: Final = "amount"
COUNT: Final = "count"
DAY: Final = "day"
CODE: Final = "code"
NAME: Final = "name"
YEAR: Final = "year"
