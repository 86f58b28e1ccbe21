"""Read tables of returns alone: returned goods and reasons. They give no figure of sales and no rate."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.causes import cause_of
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.orders import constant
from gateway.intake.values import folded
from gateway.intake.words import fold
from schemas.given import without_none

CAUSES_READ: Final = "Os motivos foram lidos: são mostrados por causa, com os produtos que mais voltam."
#: What the reason's column, the title, the sheet or the file say that became of all of the orders.
_CANCELLED: Final = r"cancel"
_BACK: Final = r"devol|return|reembols|refund|estorn|troca"
REJECTED: Final = "{rows} devoluções foram recusadas (“{column}”) e não foram contadas: nada voltou."
#: What a column answers that tells what became of the requests, and of few texts alone.
_REFUSED: Final = (
    r"(rejected|refused|denied|declined|recusad[oa]|rejeitad[oa]|negad[oa]|indeferid[oa]|reprovad[oa]|rechazad[oa]|"
    r"denegad[oa]|abgelehnt|refuse|rifiutat[oa]|odrzucon[ey]|ditolak|tu choi)"
)
_ANSWERS: Final = 12


def drop_rejected(table: Columns) -> list[str]:
    """Drop refused requests for returns, and return the remarks on them."""
    for index, header in enumerate(table.headers):
        cells = table.cells(index)
        if cells.n_unique() > _ANSWERS:
            continue
        texts = pl.DataFrame({"text": cells}).select(folded(pl.col("text")).str.strip_chars().alias("text"))["text"]
        refused = texts.str.contains(rf"^{_REFUSED}$").fill_null(value=False)
        if refused.any() and not refused.all():
            table.keep(~refused)
            return [REJECTED.format(rows=int(refused.sum()), column=header)]
    return []


def read_returned(
    table: Columns, assignment: Assignment, channels: list[str], named: str | None
) -> pl.DataFrame | None:
    """Return a line for each returned or cancelled row, with its cause if a column has it.

    None where no column tells a cause or an order: such rows say nothing of the channel's sales.
    """
    reasons = [index for index, name in assignment.others.items() if name == "_reason"]
    index = next((index for index in reasons if assignment.profiles[index].letters), None)
    told = None if index is None else cause_of(table.text_at(index))
    channel = channel_column(table, None, channels, named)
    if channel is None or (told is None and assignment.column("order_id") is None):
        return None
    header = "" if index is None else table.headers[index]
    names = fold(" ".join([header, *table.titles, table.table.where, table.table.filename]))
    cancelled = re.search(_CANCELLED, names) and not re.search(_BACK, names)
    columns: dict[str, pl.Series | None] = {
        name: None if (place := assignment.column(name)) is None else table.text_at(place)
        for name in ("order_id", "sku", "title")
    }
    columns |= {
        "row": table.rows,
        "channel": channel,
        "status": constant(shape.CANCELLED if cancelled else shape.RETURNED, table.height),
        "cause": told,
    }
    return shape.lines(without_none(columns), table.height)
