"""A channel is analysed again: the plan never gets worse by it, and nobody approves what he has not read."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import asyncpg
import orjson
import pytest

from local.load import facts
from schemas import headers
from schemas.plan import ChannelAnalysis
from schemas.wire import Codec
from streams.analysis.again import Again
from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.errors import AgentUnavailable
from streams.analysis.analyst import EmbeddedAnalyst
from streams.analysis.in_turn import InTurn
from streams.analysis.results import Results
from streams.analysis.rules import analyse
from streams.analysis.work import Work
from tests.integration.pipeline.asked_again import Plan, found, plan_of
from tests.support.misbehaving_agent import MisbehavingAgent
from tests.support.reading import contents, project, recorded

from .test_analysis_work import NOBODY, Sent, item, raising, waiting


@pytest.fixture
async def plan(pool: asyncpg.Pool, database_url: str, codec: Codec) -> Plan:
    return await plan_of(pool, database_url, codec, ["shopee", "amazon"])


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingAgent]:
    with MisbehavingAgent() as running:
        yield running


FIRST = ["plan.uploaded 1", "plan.channel.analyzed.shopee 1", "plan.channel.analyzed.amazon 1", "plan.analyzed 2"]


async def test_the_agent_takes_the_place_of_the_rules_and_the_plan_is_made_anew(plan: Plan) -> None:
    before = await plan.read()

    asked = await plan.ask()
    meanwhile = await plan.read()
    waited = await plan.waits()
    await plan.answer(found("Trocar a foto"))
    after = await plan.read()

    assert (asked.outcome, asked.status, asked.version) == ("accepted", "awaiting_approval", 3)
    assert await plan.written() == [
        *FIRST, "plan.channel.requested_again 3", "plan.channel.analyzed.shopee 2", "plan.analyzed 4"
    ]  # fmt: skip
    shopee, amazon = meanwhile.channel_results
    assert (meanwhile.version, meanwhile.opportunities) == (3, before.opportunities)
    assert shopee.source == "rules"
    assert shopee.asked is not None
    assert (shopee.asked.running, shopee.asked.by, shopee.asked.analyst) == (True, "ana", "agent")
    assert waited == ["again shopee"]
    assert amazon.asked is None
    shopee, amazon = after.channel_results
    assert (after.version, after.status, shopee.source, shopee.model) == (4, "awaiting_approval", "agent", "m1")
    assert [o["title"] for o in after.opportunities if o["channel"] == "shopee"] == ["Trocar a foto"]
    assert [o for o in after.opportunities if o["channel"] == "amazon"] == amazon.opportunities
    assert shopee.asked is not None
    assert not shopee.asked.running
    assert [o["source"] for o in after.outcomes] == ["agent", "rules"]
    assert await plan.waits() == []


async def test_the_rules_analyse_again_without_asking_anybody(plan: Plan) -> None:
    await plan.ask(analyst="agent")
    await plan.answer(found("Trocar a foto"))
    await plan.show()

    await plan.ask(analyst="rules")
    await plan.answer(NOBODY)

    [shopee, _] = (await plan.read()).channel_results
    assert (shopee.source, shopee.opportunities) == (
        "rules",
        [orjson.loads(orjson.dumps(o)) for o in analyse("shopee", facts()).opportunities],
    )
    assert shopee.fallback == []


@pytest.mark.parametrize(
    ("analyst", "code"),
    [
        (raising(AgentUnavailable("no answer", kind="timeout")), "agent-timeout"),
        (raising(RuntimeError("a fault")), "unexpected"),
        (EmbeddedAnalyst(), "no-agent"),
        (found("a NUL \x00 in it"), "result-unusable"),
    ],
    ids=["timeout", "fault", "no agent", "unusable"],
)
async def test_where_the_agent_fails_the_result_stays_and_says_so(plan: Plan, analyst: Any, code: str) -> None:
    before = await plan.read()
    await plan.ask()

    await plan.work(analyst).see_through(await plan.request(-1, (headers.ATTEMPT, b"3")))

    after = await plan.read()
    [shopee, _] = after.channel_results
    assert await plan.written() == [*FIRST, "plan.channel.requested_again 3", "plan.channel.kept.shopee 2"]
    assert (shopee.source, shopee.summary, shopee.opportunities, shopee.changed_at) == (
        "rules",
        before.channel_results[0].summary,
        before.channel_results[0].opportunities,
        before.channel_results[0].changed_at,
    )
    assert shopee.kept is not None
    assert (shopee.kept.analyst, shopee.kept.code) == ("agent", code)
    assert shopee.asked is not None
    assert not shopee.asked.running
    assert (after.opportunities, after.version) == (before.opportunities, 3)
    assert await plan.waits() == []
    assert (await plan.decide(expect=3)).outcome == "accepted"


async def test_what_may_pass_is_tried_again_while_there_is_time(plan: Plan) -> None:
    """By the deadline of this request: the plan itself has waited for longer by now."""
    await plan.ask()
    busy = raising(AgentUnavailable("busy", kind="rate_limit", retry_after=2.0))
    sent = Sent()

    await plan.work(busy, sent, due_s=75.0).see_through(await plan.request())
    [again] = sent.records
    assert again.topic.startswith("agents.retry.")
    assert (await plan.written())[-1] == "plan.channel.requested_again 3"

    await plan.pool.execute(
        "update flow.deadline set since = now() - interval '70 seconds', stalled_at = now() where plan_id = $1::uuid",
        plan.id,
    )
    for analyst in ("rules", "agent"):  # one in the place of one that stalled has its own time
        await plan.ask(analyst=analyst)
    await plan.work(busy, sent, due_s=75.0).see_through(await plan.request())
    assert len(sent.records) == 2

    await plan.pool.execute(
        "update decide.channel_again set asked_at = now() - interval '70 seconds' where plan_id = $1::uuid", plan.id
    )
    await plan.work(busy, sent, due_s=75.0).see_through(await plan.request())
    assert len(sent.records) == 2
    assert (await plan.written())[-1] == "plan.channel.kept.shopee 2"


@pytest.mark.parametrize(("behaviour", "kept"), [("good", False), ("refusal", True)])
async def test_an_agent_behind_http_answers_or_the_result_stays(
    plan: Plan, server: MisbehavingAgent, behaviour: str, kept: bool
) -> None:
    server.behave("good")
    async with AgentClient(server.settings(model=behaviour, deadline_s=30.0, attempts=2)) as client:
        await plan.ask()
        await plan.answer(InTurn([(client.settings.name, client)]))

    [shopee, _] = (await plan.read()).channel_results
    assert (shopee.source, shopee.kept is not None) == ("rules" if kept else "agent", kept)
    if shopee.kept is not None:
        [failure], [use] = shopee.kept.failures, shopee.kept.use
        assert (shopee.kept.code, failure["agent"], use["calls"]) == ("answer-refusal", client.settings.name, 1)


async def test_a_failed_channel_is_mended_and_the_plan_is_partial_no_more(
    pool: asyncpg.Pool, database_url: str, codec: Codec
) -> None:
    plan_id, document = await waiting(pool, ["shopee"])
    erased = "update decide.document set facts = facts || '{\"channels\": 1}' where plan_id = $1::uuid returning facts"
    whole = await pool.fetchval("select facts from decide.document where plan_id = $1::uuid", plan_id)
    await pool.execute(erased, plan_id)
    work = Work(codec, EmbeddedAnalyst(), Results(pool), Sent())  # type: ignore[arg-type] # a stand-in
    await work.see_through(item(codec, plan_id, document, "shopee", (headers.ATTEMPT, b"3")))
    await pool.execute("update decide.document set facts = $2::jsonb where plan_id = $1::uuid", plan_id, whole)
    plan = Plan(pool, database_url, codec, plan_id, document)
    assert (await plan.read()).partial

    await plan.ask(analyst="rules")
    await plan.answer(NOBODY)

    after = await plan.read()
    assert (after.partial, after.channel_results[0].status, after.status) == (False, "analyzed", "awaiting_approval")
    assert after.opportunities


async def test_an_approval_during_the_analysis_is_of_what_was_read_and_ends_it(plan: Plan) -> None:
    before = await plan.read()
    await plan.ask()
    await plan.show()

    assert (await plan.decide(expect=2)).outcome == "version_mismatch"  # read before it was asked for
    assert (await plan.decide()).outcome == "version_mismatch"  # nobody says what he has read
    approved = await plan.decide(expect=3)
    await plan.answer(NOBODY)  # not even asked
    await plan.work(NOBODY).see_through(await plan.request())

    assert approved.outcome == "accepted"
    assert await plan.written() == [*FIRST, "plan.channel.requested_again 3", "plan.approved 4"]
    data = orjson.loads(
        await plan.pool.fetchval("select data from decide.outbox where type = 'plan.approved' and key = $1", plan.id)
    )
    assert data["opportunities"] == before.opportunities
    assert await plan.waits() == ["phase1"]
    after = await plan.read()
    assert after.channel_results[0].asked is not None
    assert not after.channel_results[0].asked.running
    assert (await plan.ask()).outcome == "wrong_status"


async def test_what_comes_after_the_decision_is_dropped_though_the_agent_was_asked_before(plan: Plan) -> None:
    await plan.ask()
    await plan.show()

    class Slow:
        async def analyse(self, channel: str, facts: Any, *, deadline: float | None = None) -> ChannelAnalysis:
            assert (await plan.decide("reject", expect=3)).outcome == "accepted"
            return ChannelAnalysis(channel, "agent", "m1", "tarde", [])

    await plan.answer(Slow())

    assert await plan.written() == [*FIRST, "plan.channel.requested_again 3", "plan.rejected 4"]


async def test_nobody_approves_a_plan_that_the_pages_do_not_show_yet(plan: Plan) -> None:
    await plan.ask()
    await plan.answer(found("Trocar a foto"))

    unseen = await plan.decide(expect=4)
    await plan.show()
    stale, right = await plan.decide(expect=3), await plan.decide(expect=4)

    assert [unseen.outcome, stale.outcome, right.outcome] == ["version_mismatch", "version_mismatch", "accepted"]
    data = orjson.loads(
        await plan.pool.fetchval("select data from decide.outbox where type = 'plan.approved' and key = $1", plan.id)
    )
    assert "Trocar a foto" in [o["title"] for o in data["opportunities"]]


async def test_of_two_requests_the_last_counts_and_the_same_twice_is_one(plan: Plan) -> None:
    first, same = await plan.ask(key="k1", request_hash="1"), await plan.ask()
    again = await plan.ask(key="k1", request_hash="1")
    other = await plan.ask(analyst="rules")
    await plan.show()

    await plan.answer(found("Trocar a foto"), n=0)
    dropped = await plan.written()
    await plan.answer(NOBODY, n=1)

    assert [a.outcome for a in (first, same, other)] == ["accepted", "unchanged", "accepted"]
    assert (again.repeated, again.event_id) == (True, first.event_id)
    assert dropped == [*FIRST, "plan.channel.requested_again 3", "plan.channel.requested_again 4"]
    assert (await plan.written())[len(dropped) :] == ["plan.channel.analyzed.shopee 2", "plan.analyzed 5"]


async def test_two_requests_with_the_version_that_both_saw_are_one(plan: Plan) -> None:
    asked = await asyncio.gather(plan.ask("shopee", expect=2), plan.ask("amazon", expect=2))

    assert sorted(a.outcome for a in asked) == ["accepted", "version_mismatch"]


async def test_two_channels_that_are_analysed_at_once_are_both_in_the_plan(plan: Plan) -> None:
    await plan.ask("shopee")
    await plan.ask("amazon")
    await plan.show()
    both = [await plan.request(n) for n in (0, 1)]

    class Meeting(Again):
        """The other channel's answer comes between what is read and what is written."""

        async def _merged(self, request: Any, result: Any) -> Any:
            made = await super()._merged(request, result)
            if others:
                await plan.work(found("Trocar a foto")).see_through(others.pop())
            return made

    others = [both[1]]
    work = plan.work(found("Baixar o preço"))
    work._item._again = Meeting(plan.pool)
    await work.see_through(both[0])

    after = await plan.read()
    assert sorted(o["title"] for o in after.opportunities) == ["Baixar o preço", "Trocar a foto"]
    assert (await plan.written())[6:] == [
        "plan.channel.analyzed.amazon 2", "plan.analyzed 5", "plan.channel.analyzed.shopee 2", "plan.analyzed 6",
    ]  # fmt: skip


async def test_an_item_that_comes_again_after_its_answer_changes_nothing(plan: Plan) -> None:
    await plan.ask()
    await plan.answer(found("Trocar a foto"))
    before = await plan.written()

    await plan.answer(NOBODY)

    assert await plan.written() == before


async def test_rows_are_the_same_in_one_batch_and_event_by_event(plan: Plan) -> None:
    """A rebuild writes the whole history of a plan at once."""
    for analyst in (found("Trocar a foto"), EmbeddedAnalyst(), found("Baixar o preço")):
        await plan.ask()
        await plan.answer(analyst)
        await plan.show()
    await plan.ask(analyst="rules")
    await plan.show()
    assert (await plan.decide(expect=8)).outcome == "accepted"
    events = await recorded(plan.pool, plan.id)

    async def made(batches: list[list[Any]]) -> dict[str, Any]:
        for table in ("plan", "plan_channel", "timeline"):
            await plan.pool.execute(f"delete from rm.{table} where plan_id = $1::uuid", plan.id)
        for batch in batches:
            await project(plan.url, batch)
        return await contents(plan.pool, plan.id)

    one_by_one = await made([[event] for event in events])
    assert one_by_one["plan"][0]["version"] == 9
    assert await made([events]) == one_by_one
    for cut in range(1, len(events)):
        assert await made([events[:cut], events[cut:], events[:cut]]) == one_by_one, "a record may come twice"


async def test_a_channel_or_plan_that_there_is_not_is_not_found(plan: Plan) -> None:
    assert (await plan.ask("magalu")).outcome == "not_found"
    plan.id = str(uuid.uuid4())
    assert (await plan.ask()).outcome == "not_found"
