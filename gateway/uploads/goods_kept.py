"""The outcome for a document's costs, stock and advertising: what was stored, what is new, what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import who
from gateway.intake.ads import WhyNot
from gateway.intake.goods import NAME_OF_GOODS, Goods, WrongRow
from gateway.intake.goods_told import told, told_of_ads, wrong_rows
from gateway.problems.problem import Problem
from gateway.services.services import Services
from gateway.uploads import goods_store
from gateway.uploads.in_language import remarks_in
from gateway.uploads.multipart import Form
from gateway.uploads.wanted import WRITTEN
from schemas.facts import DocumentFacts

#: SKUs without a cost that an answer names.
MOST_NAMED: Final = 100
_NO_CURRENCY: Final = "has no currency: name it in a column, in the header, or with currency=BRL"
#: What is wrong with a row, for programs.
MEANING: Final[dict[str, str]] = {
    "no_sku": "has no SKU",
    "no_number": "has an amount that is no number",
    "negative": "has a negative amount",
    "no_date": "has a date that cannot be read",
    "no_currency": _NO_CURRENCY,
    "twice": "names a SKU that another row of the same day gives another cost",
    "tax": "has a tax that is no rate from 0 to 95 %",
    "currency_changed": "is in another currency than the cost that is kept of this SKU",
}
#: What is wrong with a report of advertising, for programs.
MEANING_OF_ADS: Final[dict[WhyNot, str]] = {
    "no_channel": "names no channel: name just one with channels",
    "no_days": "does not say of which days it is: export it by day, or with its period in the file's name",
    "future": "tells of days to come: these are the days of campaigns and not of the costs; export it by day",
    "no_currency": _NO_CURRENCY,
    "currencies": "has amounts in several currencies",
    "two_tables": "has several tables with different sums: nobody knows whether one contains another; send one alone",
    "too_many_days": "tells of too many days: send a shorter one",
    "too_old": "is of more than two years ago: reports are kept for that long",
}


@dataclass(frozen=True, slots=True)
class GoodsKept:
    """SKUs and reports of advertising that were told, how many of them are new or changed, and what was not taken."""

    filename: str
    costs: int
    costs_changed: int
    stock: int
    stock_changed: int
    advertising: int
    advertising_changed: int
    without: list[str]
    wrong: list[WrongRow]
    wrong_rows: int
    told: list[str]  # the same in words, for people
    version: int


def only_goods(facts: DocumentFacts, goods: Goods) -> bool:
    """Say whether the document tells of nothing else: a plan of it would be empty."""
    tables = [table for table in facts.tables if table.rows]
    is_goods = any(table.layout == NAME_OF_GOODS or table.kind == "advertising" for table in tables)
    return goods.seen and is_goods and not facts.channels and not facts.text.strip()


async def keep(request: Request, form: Form, goods: Goods, language: str = WRITTEN) -> GoodsKept:
    """Keep what the document tells. Doing it twice changes nothing."""
    services: Services = request.state.services
    recorded = await goods_store.record(
        services.pool,
        goods,
        document=await text(request, form.filename),
        sha256=form.sha256,
        by=who(request),
        traceparent=request.state.traceparent,
    )
    services.publishing.wake()
    return GoodsKept(
        form.filename,
        len({one.key for one in goods.costs}),
        recorded.costs_changed,
        len({one.key for one in goods.stock}),
        recorded.stock_changed,
        len(goods.ads),
        recorded.ads_changed,
        goods.without[:MOST_NAMED],
        goods.wrong,
        goods.wrong_rows,
        remarks_in(language, told(goods)),
        recorded.version,
    )


def demand_some(goods: Goods, language: str = WRITTEN) -> None:
    """Raise Problem 422 where a document of costs, stock or advertising has nothing that can be kept."""
    if goods:
        return
    if goods.ads_unusable:
        detail = "; ".join(f"The report of advertising {MEANING_OF_ADS[why]}" for why in goods.ads_unusable)
        raise Problem("advertising-wrong", f"{detail}.", told=remarks_in(language, told_of_ads(goods)))
    errors = [{"path": f"row {one.row}", "message": MEANING[one.why]} for one in goods.wrong]
    detail = "; ".join(f"{one['path']} {one['message']}" for one in errors[:3]) or "No cost is filled in."
    raise Problem("goods-wrong", detail, errors=errors, told=remarks_in(language, wrong_rows(goods.wrong)))
