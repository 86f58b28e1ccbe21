"""What goods cost, how many are on hand and what advertising cost, with who told it and when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from projections.goods.rows import (
    AdReportDeletedRow,
    ad_report_deleted,
    ad_report_recorded,
    cost_deleted,
    cost_recorded,
    stock_recorded,
)
from projections.rows import Recorded, Row, at
from schemas.typed.goods import GoodsAdvertisingRecorded, GoodsRecorded
from schemas.typed.parts import GoodsCostData
from schemas.typed.unions import GoodsEvent


def project(recorded: Recorded[GoodsEvent]) -> tuple[Row, ...]:
    """Return the rows that an event changes: a later one on the same SKU and day stands in the place of an earlier."""
    e = recorded.event
    match e.type:
        case "goods.recorded":
            return (*_costs(e, e.data["costs"], e.data["document"]), *_stock(e))
        case "goods.corrected":
            deleted = [
                cost_deleted(
                    f"{one['key']}|{one['valid_from']}",
                    e.version,
                    {
                        "sku_key": one["key"],
                        "valid_from": date.fromisoformat(one["valid_from"]),
                        "version": e.version,
                        "recorded_by": e.actor,
                        "recorded_at": at(e.occurred_at),
                    },
                )
                for one in e.data["deleted"]
            ]
            return (*_costs(e, e.data["costs"], ""), *deleted)
        case "goods.advertising.recorded":
            return (_advertising(e),)
        case "goods.advertising.deleted":
            values: AdReportDeletedRow = {
                "key": e.data["key"],
                "version": e.version,
                "recorded_by": e.actor,
                "recorded_at": at(e.occurred_at),
            }
            return (ad_report_deleted(e.data["key"], e.version, values),)
        case _:
            assert_never(e.type)


def _costs(e: GoodsEvent, costs: Sequence[GoodsCostData], document: str) -> list[Row]:
    return [
        cost_recorded(
            # each version is a row: of two, one may lack what the other has, and the statement takes the newest whole
            f"{one['key']}|{one['valid_from']}|{e.version}",
            e.version,
            {
                "sku_key": one["key"],
                "valid_from": date.fromisoformat(one["valid_from"]),
                "version": e.version,
                "sku": one["sku"],
                "title": one["title"],
                "unit_cost": one["unit_cost"],
                "packaging": one.get("packaging"),
                "tax_rate": one.get("tax_rate"),
                "currency": one["currency"],
                "document": document,
                "recorded_by": e.actor,
                "recorded_at": at(e.occurred_at),
            },
        )
        for one in costs
    ]


def _advertising(e: GoodsAdvertisingRecorded) -> Row:
    spans = e.data["spans"]
    sales = [one.get("sales") for one in spans]
    told = [one for one in sales if one is not None]
    return ad_report_recorded(
        # each version is a row: one told again after it was deleted is there again
        f"{e.data['key']}|{e.version}",
        e.version,
        {
            "key": e.data["key"],
            "version": e.version,
            "channel": e.data["channel"],
            "first_day": date.fromisoformat(e.data["first_day"]),
            "last_day": date.fromisoformat(e.data["last_day"]),
            "currency": e.data["currency"],
            "amount": round(sum(one["amount"] for one in spans), 2),
            "sales": round(sum(told), 2) if len(told) == len(spans) else None,
            "impressions": e.data.get("impressions"),
            "clicks": e.data.get("clicks"),
            "document": e.data["document"],
            "recorded_by": e.actor,
            "recorded_at": at(e.occurred_at),
        },
    )


def _stock(e: GoodsRecorded) -> list[Row]:
    return [
        stock_recorded(
            f"{one['key']}|{one['channel']}|{one['counted_on']}",
            e.version,
            {
                "sku_key": one["key"],
                "channel": one["channel"],
                "counted_on": date.fromisoformat(one["counted_on"]),
                "version": e.version,
                "sku": one["sku"],
                "title": one["title"],
                "quantity": one["quantity"],
                "document": e.data["document"],
                "recorded_by": e.actor,
                "recorded_at": at(e.occurred_at),
            },
        )
        for one in e.data["stock"]
    ]
