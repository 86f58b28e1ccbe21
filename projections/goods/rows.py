"""The rows that queries.sql beside this file takes, by name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, TypedDict

from projections.rows import Statement


class CostRecordedRow(TypedDict):
    sku_key: str
    valid_from: date
    version: int
    sku: str
    title: str
    unit_cost: float
    packaging: float | None
    tax_rate: float | None
    currency: str
    document: str
    recorded_by: str
    recorded_at: datetime


class CostDeletedRow(TypedDict):
    sku_key: str
    valid_from: date
    version: int
    recorded_by: str
    recorded_at: datetime


class StockRecordedRow(TypedDict):
    sku_key: str
    channel: str
    counted_on: date
    version: int
    sku: str
    title: str
    quantity: float
    document: str
    recorded_by: str
    recorded_at: datetime


class AdReportRecordedRow(TypedDict):
    key: str
    version: int
    channel: str
    first_day: date
    last_day: date
    currency: str
    amount: float
    sales: float | None
    impressions: float | None
    clicks: float | None
    document: str
    recorded_by: str
    recorded_at: datetime


class AdReportDeletedRow(TypedDict):
    key: str
    version: int
    recorded_by: str
    recorded_at: datetime


cost_recorded: Final = Statement("cost_recorded", CostRecordedRow)
cost_deleted: Final = Statement("cost_deleted", CostDeletedRow)
stock_recorded: Final = Statement("stock_recorded", StockRecordedRow)
ad_report_recorded: Final = Statement("ad_report_recorded", AdReportRecordedRow)
ad_report_deleted: Final = Statement("ad_report_deleted", AdReportDeletedRow)
