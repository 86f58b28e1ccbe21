"""Read tables of returns alone: returned goods and reasons. They give no figure of sales and no rate."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.causes import cause_of
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.flagged_returns import flagged_back
from gateway.intake.layouts.guesses import SURE, Assignment
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
    status = _status_of(table, "" if index is None else table.headers[index])
    columns: dict[str, pl.Series | None] = {
        name: None if (place := assignment.column(name)) is None else table.text_at(place)
        for name in ("order_id", "sku", "title")
    }
    columns |= {
        "row": table.rows,
        "channel": channel,
        "status": constant(status, table.height),
        "cause": told,
    }
    return shape.lines(without_none(columns), table.height)


def listed_orders(table: Columns, assignment: Assignment) -> pl.DataFrame | None:
    """Return which orders came back or were cancelled, for the sales of the same document; None where nobody knows.

    A column that answers whether they did (`Returned`) leaves those that did. `back` are the units, `amount` is the
    money, null where the table does not tell it.
    """
    place, flagged = assignment.column("order_id"), flagged_back(replace(table, warnings=[]), assignment)
    if place is None or assignment.confidence("order_id") < SURE or (flagged is not None and flagged[1]):
        return None
    blank = pl.Series([None]).new_from_index(0, table.height)
    amounts: dict[str, pl.Series] = {}
    for name, fields in (("back", ("returned_units", "units")), ("amount", ("refund", "revenue"))):
        index = next((at for field in fields if (at := assignment.column(field)) is not None), None)
        amounts[name] = blank.cast(pl.Float64) if index is None else table.amounts(index).abs()
    sku = assignment.column("sku")
    frame = pl.DataFrame(
        {
            "order_id": table.cells(place),
            "sku": pl.Series([None], dtype=pl.String).new_from_index(0, table.height)
            if sku is None
            else table.cells(sku),
            **amounts,
            "status": constant(_status_of(table, ""), table.height),
        }
    )
    frame = frame if flagged is None else frame.filter(flagged[0])
    frame = frame.filter(pl.col("order_id").is_not_null())
    return frame if frame.height else None


def _status_of(table: Columns, header: str) -> str:
    """Return what became of all of the orders, by the reason's column, the title, the sheet or the file."""
    names = fold(" ".join([header, *table.titles, table.table.where, table.table.filename]))
    cancelled = re.search(_CANCELLED, names) and not re.search(_BACK, names)
    return shape.CANCELLED if cancelled else shape.RETURNED
