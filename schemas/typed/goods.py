"""The goods.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from schemas.events import Event
from schemas.typed.parts import AdProductData, AdSpanData, GoodsCostData, GoodsCostDayData, GoodsStockData


class GoodsAdvertisingDeletedData(TypedDict):
    """A person took a report of advertising back."""

    source: str
    key: str
    channel: str
    first_day: str
    last_day: str


GoodsAdvertisingDeleted: TypeAlias = Event[Literal["goods.advertising.deleted"], GoodsAdvertisingDeletedData]


class GoodsAdvertisingRecordedData(TypedDict):
    """A document told what a channel's advertising cost in some days, and what it sold."""

    source: str
    document: str
    sha256: str
    key: str
    channel: str
    first_day: str
    last_day: str
    currency: str
    columns: str
    spans: list[AdSpanData]
    products: list[AdProductData]
    campaigns: list[str]
    impressions: NotRequired[float | None]
    clicks: NotRequired[float | None]


GoodsAdvertisingRecorded: TypeAlias = Event[Literal["goods.advertising.recorded"], GoodsAdvertisingRecordedData]


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
