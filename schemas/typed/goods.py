"""The goods.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from schemas.events import Event
from schemas.typed.parts import GoodsCostData, GoodsStockData


class GoodsRecordedData(TypedDict):
    """A document told what goods cost, or how many are on hand: what it changed of what was known."""

    source: str
    document: str
    sha256: str
    costs: list[GoodsCostData]
    stock: list[GoodsStockData]


GoodsRecorded: TypeAlias = Event[Literal["goods.recorded"], GoodsRecordedData]
