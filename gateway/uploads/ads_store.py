"""Stored reports of advertising: those that the next document is joined with, and the deletion of one."""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import uuid4

import asyncpg
import orjson
from starlette.requests import Request

from gateway.audit.writing import Entry, audited
from gateway.intake.ads import AdReport
from gateway.problems.problem import not_found
from gateway.services.services import Services
from schemas.process.connection import Db
from schemas.retention import AD_REPORT_DAYS

#: Reports that a reading is given at most, those of the last days first.
MOST_REPORTS: Final = 300
#: Where there are teams, plans do not name the document of a report: it may be another team's.
_KEPT: Final = """
    select report, case when exists (select from access.team) then '' else document end as document, version
      from decide.ad_report where last_day >= current_date - $2::int order by last_day desc, key limit $1"""
#: Whoever records or deletes waits for the one before, so what is read next is what is deleted.
_LOCK: Final = "select from decide.goods for update"
_WAS: Final = "select report from decide.ad_report where key = $1"
_DAYS: Final = (("first_day", "first"), ("last_day", "last"))


async def find(db: Db | asyncpg.Connection) -> list[AdReport]:
    """Return the reports that are kept."""
    rows = await db.fetch(_KEPT, MOST_REPORTS, AD_REPORT_DAYS)
    return [_report(orjson.loads(row["report"]), row["document"], row["version"]) for row in rows]


async def record(db: Db | asyncpg.Connection, command: tuple[Any, ...], reports: list[AdReport]) -> dict[str, int]:
    """Keep the reports within the caller's transaction; return how many are new, and the version of what is kept."""
    told = {one.key: _event(one) for one in reports}
    said: dict[str, int] = orjson.loads(
        await db.fetchval(
            "select decide.record_advertising($1::decide.command, $2::jsonb)",
            command,
            orjson.dumps(list(told.values())).decode(),
        )
    )
    return said


async def delete(request: Request, key: str) -> int:
    """Take a report back, for all documents that are uploaded from now on; return the version of what is kept.

    Raises Problem 404 where there is no such report.
    """
    services: Services = request.state.services
    who, event_id = request.state.principal.name, str(uuid4())
    command = (
        "goods.advertising.delete",
        event_id,
        who,
        None,
        "",
        None,
        event_id,
        time.time_ns() // 1000,
        request.state.request_id or event_id,
        who,
        request.state.traceparent,
        orjson.dumps({"key": key}).decode(),
    )
    async with audited(request) as telling:
        await telling.db.execute(_LOCK)
        was = await telling.db.fetchval(_WAS, key)
        raw = await telling.db.fetchval("select decide.delete_advertising($1::decide.command)", command)
        said: dict[str, Any] = orjson.loads(raw)
        before = _told(_report(orjson.loads(was), "", 0)) if was is not None else None
        telling.tell(Entry("goods.advertising.delete", "advertising", key, outcome=said["outcome"], before=before))
    services.metrics.command("goods.advertising.delete", said["outcome"])
    if said["outcome"] == "not_found":
        raise not_found("report of advertising", f"'{key[:120]}'")
    services.publishing.wake()
    return int(said["version"])


def _event(one: AdReport) -> dict[str, Any]:
    """Return the report as goods.advertising.recorded has it."""
    plain = one.to_dict()
    for name in ("document", "version", "first", "last"):
        plain.pop(name)
    spans = [{to: span.pop(name) for to, name in _DAYS} | span for span in plain.pop("spans")]
    return {"key": one.key, "first_day": one.first, "last_day": one.last, **plain, "spans": spans}


def _report(data: dict[str, Any], document: str, version: int) -> AdReport:
    plain = {name: value for name, value in data.items() if name not in ("key", "first_day", "last_day", "spans")}
    spans = [{"first": one["first_day"], "last": one["last_day"], **_amounts(one)} for one in data["spans"]]
    days = {"first": data["first_day"], "last": data["last_day"]}
    return AdReport.from_dict({**plain, **days, "spans": spans, "document": document, "version": version})


def _told(one: AdReport) -> dict[str, Any]:
    """Return what the audit says of a report that is deleted."""
    return {
        "channel": one.channel,
        "first_day": one.first,
        "last_day": one.last,
        "amount": one.amount,
        "currency": one.currency,
    }


def _amounts(span: dict[str, Any]) -> dict[str, Any]:
    return {"amount": span["amount"], "sales": span["sales"]}
