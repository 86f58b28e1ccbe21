"""A channel is compared once with the document before it, whoever dies meanwhile and whatever was decided before."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, NoReturn

import asyncpg
import orjson
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands, Upload
from gateway.uploads.sold_store import apart
from projections.outcomes import reads
from projections.rows import Recorded
from projections.run.connections import connect
from projections.run.writer import rows_of, write
from schemas import headers
from schemas.events import Event
from schemas.facts import ChannelFacts, DocumentFacts, Figure, Product
from schemas.product import Rest, Sold
from schemas.wire import Codec
from streams.analysis.analyst import EmbeddedAnalyst
from streams.analysis.comparing import Comparisons
from streams.analysis.results import Results
from streams.analysis.work import Work
from streams.broker.records import Incoming
from tests.integration.pipeline.test_analysis_work import Sent

MONTHS = {1: ["2026-01-01", "2026-01-31"], 2: ["2026-02-01", "2026-02-28"], 3: ["2026-03-01", "2026-03-31"]}
#: Of a document that goes on: no month.
JANUARY_AND_FEBRUARY = 0
MONTHS[JANUARY_AND_FEBRUARY] = ["2026-01-01", "2026-02-28"]
IN_TIME, TOO_LATE = datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
#: What kits had saved of a month's fees.
KITS = 1_500.0


def judged(days: list[str], fee_share: float) -> dict[str, Any]:
    """Return what is told of fees by a tariff: kits had saved some of them."""
    return {
        "orders": 0, "judged_orders": 400, "charged": 0.0, "expected": 0.0, "judged_revenue": 50_000.0,
        "judged_fees": 50_000 * fee_share, "by_table": 50_000 * fee_share, "since": days[0], "until": days[1],
        "valid_from": "2026-01-01", "source": "https://a.example", "exact": True,
        "kits": {"saved": KITS, "sales": 40, "by_sku": {"A": {"saved": KITS}}},
    }  # fmt: skip


class Shop:
    """Uploads months of one channel, which no other test has."""

    def __init__(self, pool: asyncpg.Pool, codec: Codec) -> None:
        self.pool = pool
        self.codec = codec
        self.channel = f"c{uuid.uuid4().hex[:10]}"
        self.sent = Sent()
        self.rest: dict[int, list[Product]] = {}  # of a month, products that the facts do not list

    def facts(self, month: int, fee_share: float) -> DocumentFacts:
        days = MONTHS[month]
        length = float(int(days[1][-2:]))
        figures = [
            Figure("revenue", 50_000.0, "BRL"),
            Figure("units", 500.0, "count"),
            Figure("orders", 400.0, "count"),
            Figure("fees", 50_000 * fee_share, "BRL"),
            Figure("fee_share", fee_share, "ratio"),
            Figure("period_days", length, "days"),
            Figure("fee_over_tariff", 0.0, "BRL", [], judged(days, fee_share)),
        ]
        rest = self.rest.get(month, [])
        revenue = 50_000.0 - sum(one.revenue or 0 for one in rest)
        products = [Product("A", "Produto A", 500.0 - sum(one.units or 0 for one in rest), revenue, 400)]
        sold = Sold("BRL", days[1], rest=Rest.of(rest))
        own = ChannelFacts(self.channel, days, "BRL", figures, products, "read", sold=sold)
        return DocumentFacts("text/csv", "t", channels=[own])

    async def upload(self, month: int, fee_share: float) -> tuple[str, str]:
        plan, document, sha = str(uuid.uuid4()), str(uuid.uuid4()), uuid.uuid4().hex
        data = {
            "plan_id": plan, "document_id": document, "title": "t", "filename": "f", "media_type": "text/csv",
            "size_bytes": 1, "sha256": sha, "channels": [self.channel], "priority": "normal",
        }  # fmt: skip
        facts = apart(self.facts(month, fee_share))
        await Commands(self.pool, NoRelay()).upload(
            Upload(plan, document, sha, [self.channel], facts, data, actor="ana", scope="ana")
        )
        return plan, document

    def item(self, plan: str, document: str) -> Incoming:
        event = Event(
            "analysis.requested", str(uuid.uuid5(uuid.UUID(plan), self.channel)), f"work-{plan}.{self.channel}", 1, 1,
            "c", plan, "system:analysis",
            {"plan_id": plan, "document_id": document, "channel": self.channel, "priority": "normal"},
        )  # fmt: skip
        topic = "analysis.work.normal"
        value = self.codec.encode(topic, event)
        return Incoming(topic, 0, 7, 1, plan.encode(), value, headers.for_event(event, None), lambda: None)

    def work(self, comparisons: Comparisons | None = None) -> Work:
        known = comparisons or Comparisons(self.pool)
        return Work(self.codec, EmbeddedAnalyst(), Results(self.pool), self.sent, comparisons=known)  # type: ignore[arg-type] # a stand-in

    async def plan(self, month: int, fee_share: float) -> str:
        plan, document = await self.upload(month, fee_share)
        await self.work().see_through(self.item(plan, document))
        return plan

    async def decide(self, plan: str, status: str) -> None:
        await self.pool.execute("update decide.head set status = $2 where stream = 'plan-' || $1", plan, status)

    async def task(self, plan: str, status: str, at: datetime, *, joined: bool = False) -> None:
        """Store a task; `joined`: it is another channel's, too, and stands there."""
        own = f"{self.channel}-fees"
        channel, serves, also = ("another", "another-fees", [own]) if joined else (self.channel, own, [])
        await self.pool.execute(
            "insert into rm.task (task_id, plan_id, version, channel, opportunity_id, also_serves, status, ended_at,"
            " changed_at) values (gen_random_uuid(), $1::uuid, 2, $2, $3, $4::jsonb, $5, $6, $6)",
            plan, channel, serves, orjson.dumps(also).decode(), status, at,
        )  # fmt: skip

    async def compared(self, plan: str) -> list[dict[str, Any]]:
        rows = await self.pool.fetch(
            "select data from decide.outbox where key = $1 and type = 'plan.channel.compared'", plan
        )
        return [orjson.loads(row["data"]) for row in rows]


@pytest.fixture
def shop(pool: asyncpg.Pool, codec: Codec) -> Shop:
    return Shop(pool, codec)


async def test_products_that_the_facts_do_not_list_are_compared_too(shop: Shop) -> None:
    shop.rest = {
        1: [Product("B", "Produto B", 100.0, 5_000.0, 80)],
        2: [Product("B", "Produto B", 100.0, 6_000.0, 80)],
    }
    await shop.plan(1, 0.20)

    [data] = await shop.compared(await shop.plan(2, 0.20))
    steps = {step["kind"]: step for step in data["bridge"]["steps"]}
    assert {part["sku"]: part["amount"] for part in steps["price"]["parts"]} == {"A": -1000.0, "B": 1000.0}
    assert "unlisted" not in steps


async def test_the_next_month_tells_what_changed_and_what_became_of_what_was_promised(shop: Shop) -> None:
    before = await shop.plan(1, 0.25)
    await shop.decide(before, "executing")
    await shop.task(before, "completed", IN_TIME)

    after = await shop.plan(2, 0.20)

    assert await shop.compared(before) == []
    [data] = await shop.compared(after)
    assert [(s["kind"], s["amount"]) for s in data["bridge"]["steps"] if s["amount"]] == [("fees", 2500.0)]
    assert data["proof"]["plan_id"] == data["bridge"]["plan_id"] == before
    [fees] = [o for o in data["proof"]["outcomes"] if o["opportunity_id"] == f"{shop.channel}-fees"]
    assert (fees["baseline"], fees["current"], fees["verdict"], fees["acted"]) == (0.25, 0.20, "improved", "done")
    assert fees["came"] == pytest.approx(2500.0)
    assert fees["target"] == pytest.approx(0.25 - KITS / 50_000)
    assert fees["promised"] == pytest.approx(KITS / (31 / 30.44), abs=0.01)


async def test_a_document_that_goes_on_from_the_same_day_says_that_it_is_not_compared(shop: Shop) -> None:
    before = await shop.plan(1, 0.25)
    await shop.decide(before, "executing")

    [data] = await shop.compared(await shop.plan(JANUARY_AND_FEBRUARY, 0.20))

    assert (data["bridge"], data["proof"]) == (None, None)
    unlike = data["not_compared"]
    assert (unlike["plan_id"], unlike["days_in_both"], unlike["why"]) == (before, 31, "days")


async def test_a_task_that_serves_several_channels_is_found_by_each_of_them(shop: Shop) -> None:
    before = await shop.plan(1, 0.25)
    await shop.decide(before, "executing")
    await shop.task(before, "completed", IN_TIME, joined=True)

    [data] = await shop.compared(await shop.plan(2, 0.20))

    [fees] = [o for o in data["proof"]["outcomes"] if o["opportunity_id"] == f"{shop.channel}-fees"]
    assert (fees["acted"], fees["tasks"], fees["tasks_done"]) == ("done", 1, 1)


async def test_a_work_item_that_comes_again_compares_nothing_again(shop: Shop) -> None:
    before = await shop.plan(1, 0.25)
    await shop.decide(before, "completed")
    plan, document = await shop.upload(2, 0.20)

    await shop.work().see_through(shop.item(plan, document))
    first = await shop.compared(plan)
    await shop.pool.execute("delete from decide.outbox where key = $1", plan)  # it is in the log, and long gone here
    await shop.task(before, "completed", IN_TIME)
    await shop.work().see_through(shop.item(plan, document))

    assert len(first) == 1
    assert await shop.compared(plan) == []


async def test_who_dies_between_the_analysis_and_the_comparison_leaves_it_to_the_next(shop: Shop) -> None:
    class Dying(Comparisons):
        async def compare(self, *_: Any) -> NoReturn:
            raise SystemExit

    await shop.decide(await shop.plan(1, 0.25), "completed")
    plan, document = await shop.upload(2, 0.20)
    with pytest.raises(SystemExit):
        await shop.work(Dying(shop.pool)).see_through(shop.item(plan, document))
    analyzed = "select analyzed from decide.head where stream = 'plan-' || $1"
    assert await shop.pool.fetchval(analyzed, plan)
    assert await shop.compared(plan) == []

    await shop.work().see_through(shop.item(plan, document))

    assert len(await shop.compared(plan)) == 1


async def test_a_fault_in_comparing_holds_no_plan_and_is_tried_again(shop: Shop) -> None:
    class Faulty(Comparisons):
        async def compare(self, *_: Any) -> NoReturn:
            raise KeyError("x")

    plan, document = await shop.upload(1, 0.25)
    await shop.work(Faulty(shop.pool)).see_through(shop.item(plan, document))

    assert await shop.pool.fetchval("select analyzed from decide.head where stream = 'plan-' || $1", plan)
    [record] = shop.sent.records
    assert record.topic == "agents.retry.1s"
    assert "KeyError" in (headers.text(record.headers, headers.ERROR_MESSAGE) or "")


@pytest.mark.parametrize(
    ("status", "bridge", "proof"),
    [("rejected", True, False), ("awaiting_approval", True, False), ("cancelled", False, False)],
)
async def test_an_earlier_plan_that_was_not_approved_has_promised_nothing(
    shop: Shop, status: str, bridge: bool, proof: bool
) -> None:
    await shop.decide(await shop.plan(1, 0.25), status)

    found = await shop.compared(await shop.plan(2, 0.20))

    assert [(d["bridge"] is not None, d["proof"] is not None) for d in found] == ([(bridge, proof)] if bridge else [])


async def test_proof_is_of_the_latest_plan_that_was_approved_and_what_changed_of_the_latest(shop: Shop) -> None:
    approved, rejected = await shop.plan(1, 0.25), await shop.plan(2, 0.25)
    await shop.decide(approved, "executing")
    await shop.decide(rejected, "rejected")

    [data] = await shop.compared(await shop.plan(3, 0.20))

    assert (data["bridge"]["plan_id"], data["proof"]["plan_id"]) == (rejected, approved)


async def test_a_plan_that_is_cancelled_meanwhile_is_not_compared(shop: Shop) -> None:
    await shop.decide(await shop.plan(1, 0.25), "completed")
    plan, document = await shop.upload(2, 0.20)
    await Commands(shop.pool, NoRelay()).run(Command("plan.cancel", plan, "ana", "ana", {"reason": "errado"}))

    await shop.work().see_through(shop.item(plan, document))

    assert await shop.compared(plan) == []


async def test_a_month_is_compared_with_none_that_is_later_and_not_with_itself(shop: Shop) -> None:
    second = await shop.plan(2, 0.25)
    await shop.decide(second, "completed")

    first = await shop.plan(1, 0.20)
    assert await shop.compared(first) == []
    [again] = await shop.compared(await shop.plan(2, 0.20))
    assert (again["bridge"]["plan_id"], again["proof"]) == (first, None)


async def project(database_url: str, shop: Shop, plan: str) -> None:
    row = await shop.pool.fetchrow(
        "select * from decide.outbox where key = $1 and type = 'plan.channel.compared'", plan
    )
    assert row is not None
    event = Event(
        row["type"], str(row["event_id"]), row["stream"], row["version"], row["occurred_at"], row["causation_id"],
        row["correlation_id"], row["actor"], orjson.loads(row["data"]),
    )  # fmt: skip
    recorded = Recorded(event, "plan.events", 0, 1, IN_TIME, None)
    connection = await connect(database_url, "rm")
    try:
        for _ in range(2):  # a record may come twice
            await write(connection, rows_of(recorded), [], [])
    finally:
        await connection.close()


async def read_model(shop: Shop, plan: str, status: str) -> None:
    await shop.pool.execute(
        "insert into rm.plan (plan_id, version, status, channels, opportunities, changed_at)"
        " values ($1::uuid, 2, $2, array[$3], jsonb_build_array(jsonb_build_object('channel', $3::text)), now())"
        " on conflict (plan_id) do update set status = excluded.status",
        plan, status, shop.channel,
    )  # fmt: skip


async def of_fees(shop: Shop) -> reads.HitRate | None:
    model = await shop.pool.fetchval("select max(model) from rm.outcome where channel = $1", shop.channel)
    rates = {r.analyst: r for r in await reads.hit_rates(shop.pool) if r.source == "rules"}
    assert model is None or model.startswith("rules-")
    return rates.get("fees")


async def test_what_was_measured_is_shown_on_both_plans_and_counts_for_its_rule(
    database_url: str, shop: Shop, pool: asyncpg.Pool
) -> None:
    before = await shop.plan(1, 0.25)
    await shop.decide(before, "executing")
    await shop.task(before, "completed", IN_TIME)
    await read_model(shop, before, "executing")
    waiting = await reads.of_plan(pool, uuid.UUID(before))
    assert [(a.channel, str(a.check_from)) for a in waiting.awaited] == [(shop.channel, "2026-03-03")]

    after = await shop.plan(2, 0.20)
    await read_model(shop, after, "awaiting_approval")
    await project(database_url, shop, after)

    later, earlier = [await reads.of_plan(pool, uuid.UUID(plan)) for plan in (before, after)]
    assert later.awaited == []
    assert later.later == earlier.earlier
    [fees] = [o for o in later.later if o.metric == "fee_share"]
    assert (str(fees.measured_by), fees.verdict, fees.skus) == (after, "improved", [])
    assert [c.channel for c in earlier.changes] == [shop.channel]
    rate = await of_fees(shop)
    assert rate is not None
    assert (rate.measured, rate.improved, rate.rate) == (1, 1, 1.0)
    assert rate.came == pytest.approx(2500.0)

    await read_model(shop, after, "cancelled")  # the document was withdrawn
    assert await of_fees(shop) is None
    assert (await reads.of_plan(pool, uuid.UUID(before))).later == []
    await read_model(shop, after, "completed")
    await read_model(shop, before, "cancelled")
    assert await of_fees(shop) is None


@pytest.mark.parametrize(
    ("task", "at", "counts"),
    [("completed", TOO_LATE, (0, 0, 1)), ("open", IN_TIME, (0, 1, 0)), (None, IN_TIME, (0, 1, 0))],
)
async def test_what_nobody_did_in_time_is_no_hit_of_the_rule(
    database_url: str, shop: Shop, task: str | None, at: datetime, counts: tuple[int, int, int]
) -> None:
    before = await shop.plan(1, 0.25)
    await shop.decide(before, "executing")
    await read_model(shop, before, "executing")
    if task is not None:
        await shop.task(before, task, at)
    after = await shop.plan(2, 0.20)
    await read_model(shop, after, "awaiting_approval")
    await project(database_url, shop, after)

    rate = await of_fees(shop)
    assert rate is not None
    assert (rate.measured, rate.left_alone, rate.late) == counts
    await read_model(shop, after, "cancelled")
