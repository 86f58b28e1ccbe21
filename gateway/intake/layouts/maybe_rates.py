"""Tells fees that may be rates: `Taxa marketplace` with 14 and 16 in rows of any amount, and nothing says which."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.content import Profile
from gateway.intake.layouts.names import currency_in, words

MAY_BE_RATE: Final = (
    "As tarifas são desconhecidas: “{column}” tem só {values} em vendas de valores muito diferentes, e nada mostra se "
    "é uma porcentagem ou um valor. Escreva “(%)” ou “(R$)” no nome da coluna e envie de novo."
)
#: Words of a name that is of an amount, or of one that is the same for all.
_AMOUNT: Final = frozenset((
    "valor", "total", "amount", "value", "monto", "importe", "custo", "cost", "fixa", "fixo", "fixed", "dinh",
    "fija", "fijo", "tetap",
))  # fmt: skip
#: In fewer rows a few amounts may be the same by chance.
_FEWEST: Final = 8
_KINDS: Final = 4
_HIGHEST: Final = 50
_HALF: Final = 0.5
#: The sales of one rate differ so much.
_TIMES: Final = 3


def may_be_rate(table: Columns, index: int, profile: Profile, revenue: pl.Series | None) -> bool:
    """Say whether a fee is a few whole numbers that have nothing to do with what was sold; the remark is told then."""
    header = table.headers[index]
    if revenue is None or _AMOUNT & set(words(header)) or currency_in(header) or profile.money >= _HALF:
        return False
    frame = pl.DataFrame({"fee": table.amounts(index).abs(), "paid": revenue})
    some = frame.filter((pl.col("fee") != 0) & (pl.col("paid") > 0))
    fees = some["fee"].unique().sort()
    if some.height < _FEWEST or len(fees) > _KINDS or not ((fees % 1 == 0) & (fees <= _HIGHEST)).all():
        return False
    spread = some.group_by("fee").agg(pl.len(), pl.col("paid").min().alias("least"), pl.col("paid").max().alias("most"))
    usual = spread.sort("len", "fee", descending=[True, False]).row(0, named=True)
    if usual["len"] < _FEWEST / 2 or usual["most"] < usual["least"] * _TIMES:
        return False
    shown = "; ".join(f"{fee:.0f}" for fee in fees)
    table.warnings.append(MAY_BE_RATE.format(column=header, values=shown))
    return True
