"""The goods.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from schemas.events import Event
from schemas.typed.parts import GoodsCostData, GoodsCostDayData, GoodsStockData


class GoodsCorrectedData(TypedDict):
    """A person put costs right that are kept: took some back, or said that others are in another currency."""

    source: str
    costs: list[GoodsCostData]
    deleted: list[GoodsCostDayData]


GoodsCorrected: TypeAlias = Event[Literal["goods.corrected"], GoodsCorrectedData]


class GoodsRecordedData(TypedDict):
    """A document told what goods cost, or how many are on hand: what it changed of what was known."""

    source: str
    document: str
    sha256: str
    costs: list[GoodsCostData]
    stock: list[GoodsStockData]


GoodsRecorded: TypeAlias = Event[Literal["goods.recorded"], GoodsRecordedData]
