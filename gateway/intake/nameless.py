"""Masks personal data in the titles of products, such as a phone in a title that was written for one buyer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.goods import Goods
from gateway.intake.layouts import Reading
from gateway.intake.masking import SUSPECT, mask_title

_TITLE: Final = "title"


def nameless(reading: Reading) -> Reading:
    """Return what was read of a table, with titles masked before anything is summed up by them."""
    goods = reading.goods
    return replace(
        reading,
        lines=_frame(reading.lines),
        exposure=_frame(reading.exposure),
        returned=_frame(reading.returned),
        ads=_frame(reading.ads),
        goods=None if goods is None else _goods(goods),
    )


def _frame(frame: pl.DataFrame | None) -> pl.DataFrame | None:
    if frame is None or _TITLE not in frame.columns:
        return frame
    titles = frame[_TITLE].unique()  # most stand in many rows, and looking for a name costs more than that
    suspects = titles.filter(titles.str.contains(SUSPECT).fill_null(value=False)).to_list()
    told = {title: mask_title(title) for title in suspects}
    changed = {title: masked for title, masked in told.items() if masked != title}
    return frame.with_columns(pl.col(_TITLE).replace(changed)) if changed else frame


def _goods(goods: Goods) -> Goods:
    costs = [replace(one, title=mask_title(one.title)) if one.title else one for one in goods.costs]
    stock = [replace(one, title=mask_title(one.title)) if one.title else one for one in goods.stock]
    return replace(goods, costs=costs, stock=stock)
