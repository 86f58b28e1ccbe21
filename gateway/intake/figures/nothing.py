"""Take no amounts for known where all of them are zero: a form that nobody filled in, or an export without amounts."""

from __future__ import annotations

from typing import Final

import polars as pl

NOTHING: Final = (
    "Todas as {rows} linha(s) de vendas têm o valor zero: parece um modelo sem dados, ou uma exportação sem os "
    "valores. A receita é desconhecida. Preencha os valores e envie o arquivo de novo."
)
_AMOUNTS: Final = ("revenue", "units", "fees", "shipping", "discount", "undeducted", "net")


def without_nothing(lines: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the lines, and what is told of them; where no line has an amount, what is zero in all is unknown."""
    rows = lines["revenue"].count()
    if not rows or any(_tells(lines[name]) for name in ("revenue", "refund")):
        return lines, ()
    empty = [pl.lit(None).cast(lines.schema[name]).alias(name) for name in _AMOUNTS if not _tells(lines[name])]
    return lines.with_columns(empty), (NOTHING.format(rows=rows),)


def _tells(amounts: pl.Series) -> bool:
    return bool((amounts != 0).any())
