"""A customer's receiver gets each event of the history once as a rule, in its plan's order, after any crash."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID, uuid4

import asyncpg
import pytest

from gateway.alerts.webhooks import taking
from gateway.alerts.webhooks.queue import Deliveries
from gateway.alerts.webhooks.telling import TRIES, Webhooks
from gateway.operations import webhooks as operations
from projections.reads import webhooks as reads
from schemas.topics import TASK_EVENTS
from tests.support.patience import until
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import HERE, SOURCE, History, registered, told_of_two


async def test_an_event_arrives_signed_as_a_cloud_event(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, f"{hook.url}/in?tenant=7")
    plan = uuid4()
    event = await history.event("plan.approved", plan, data={"reason": "boa"})
    assert (await told.take(), await told.send()) == (1, 1)
    (sent,) = hook.got
    assert sent.path == "/in?tenant=7"
    assert sent.headers["Host"] == hook.url.removeprefix("http://")
    assert sent.headers["Content-Type"].startswith("application/cloudevents+json")
    stamp, signature = sent.headers["X-Marketplace-Timestamp"], sent.headers["X-Marketplace-Signature"]
    proof = hmac.new(told.secret.encode(), f"{stamp}.".encode() + sent.body, hashlib.sha256).hexdigest()
    assert signature == f"v1={proof}"
    assert sent.headers["X-Marketplace-Message"] == taking.delivery_id(told.webhook_id, str(event))
    assert (sent.json["id"], sent.json["type"], sent.json["source"]) == (str(event), "plan.approved", SOURCE)
    assert sent.json["data"] == {"plan_id": str(plan), "reason": "boa"}
    assert await told.states() == [("plan.approved", "sent")]
    assert await told.take() == 0, "and it is not taken again"


async def test_a_task_is_told_with_its_numbers_without_a_source(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told, plan, other = await registered(pool, hook.url, "task.*"), uuid4(), uuid4()
    await pool.execute(
        "insert into rm.plan_channel (plan_id, channel, version, status, source, model, summary, opportunities, phases,"
        " repairs, limits, unmatched, changed_at) values ($1, 'shopee', 1, 'analyzed', 'agent', 'm', '', '[]', '[]',"
        ' \'[]\', \'[]\', \'[{"path": "phases[0].tasks[0].title", "number": "R$ 4.321"}]\', now())',
        plan,
    )
    for one in (plan, other):
        data = {"task_id": str(uuid4()), "title": "Ganhar R$ 4.321", "what": "", "channel": "shopee", "phase": 1}
        await history.event("task.created", one, topic=TASK_EVENTS, data=data)
        await history.event("task.assigned", one, topic=TASK_EVENTS, data={"assignee": "ana"})
    assert (await told.take(), await told.send()) == (4, 4)
    marked = {(one.json["type"], one.json["correlationid"]): one.json.get("unmatched") for one in hook.got}
    assert marked.pop(("task.created", str(plan))) == "R$ 4.321"
    assert set(marked.values()) == {None}


async def test_it_is_told_of_what_comes_after_it_was_registered_and_of_what_it_asked_for(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    await history.event("plan.uploaded", uuid4())
    told = await registered(pool, hook.url, "plan.approved", "task.*")
    plan = uuid4()
    await history.event("plan.uploaded", plan)
    await history.event("plan.approved", plan)
    await history.event("task.assigned", plan, topic=TASK_EVENTS, partition=5)  # of which nobody had read before
    await told.take()
    assert [type_ for type_, _ in await told.states()] == ["plan.approved", "task.assigned"]


async def test_what_is_not_projected_yet_is_not_taken(pool: asyncpg.Pool, history: History, hook: HttpReceiver) -> None:
    told = await registered(pool, hook.url)
    await history.event("plan.uploaded", uuid4())
    await history.event("plan.approved", uuid4(), projected=False)
    assert await told.take() == 1
    await history.projected("plan.events", 0, 2)
    assert await told.take() == 1
    assert [type_ for type_, _ in await told.states()] == ["plan.uploaded", "plan.approved"]


async def test_batches_leave_nothing_out_whatever_the_brokers_clocks_say(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "BATCH", 3)
    told = await registered(pool, hook.url)
    plans = [uuid4(), uuid4(), uuid4()]
    # clocks jump, so that events seem to come before those that are ahead of them
    expected = [
        await history.event(f"plan.{n}", plans[n % 3], partition=n % 3, late_s=(n % 4) * 10.0) for n in range(12)
    ]
    taken = [await told.take() for _ in range(5)]
    assert taken == [3, 3, 3, 3, 0]
    rows = await pool.fetch("select event_id, plan_id from flow.webhook_delivery order by seq")
    assert {row["event_id"] for row in rows} == set(expected)
    for place, plan in enumerate(plans):  # each has a partition of its own: the log's order holds there
        assert [row["event_id"] for row in rows if row["plan_id"] == plan] == expected[place::3]


async def test_a_transaction_that_does_not_come_to_its_end_takes_nothing(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await registered(pool, hook.url)
    await history.event("plan.uploaded", uuid4())
    monkeypatch.setattr(taking, "_ADVANCE", "select 1 / 0, $1::uuid, $2::text[], $3::int[], $4::bigint[], $5::bigint[]")
    with pytest.raises(asyncpg.PostgresError):
        await told.take()
    assert await told.states() == []
    monkeypatch.undo()
    assert await told.take() == 1


async def test_what_fails_is_tried_again_and_holds_back_its_own_plan_alone(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    one, other = uuid4(), uuid4()
    for type_, plan in (("plan.uploaded", one), ("plan.uploaded", other), ("plan.analyzed", one)):
        await history.event(type_, plan)
    await told.take()
    hook.answers = [(500, "not now"), (200, "ok")]
    assert await told.send() == 2
    assert await told.states() == [
        ("plan.uploaded", "waiting"),
        ("plan.uploaded", "sent"),
        ("plan.analyzed", "waiting"),
    ]
    await told.due()
    assert await told.send(lanes=3) == 2
    assert [request.json["correlationid"] for request in hook.got] == [str(one), str(other), str(one), str(one)]
    assert hook.got[0].body == hook.got[2].body
    assert hook.got[0].headers["X-Marketplace-Message"] == hook.got[2].headers["X-Marketplace-Message"]
    tries = await pool.fetch("select outcome, detail from flow.webhook_attempt order by at, attempt")
    assert ("failed", "HTTP 500") in [tuple(row) for row in tries]


async def test_one_that_died_between_claim_and_mark_is_followed_by_the_same_delivery(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await told_of_two(pool, history, hook.url)
    dead = await Deliveries(pool, told.webhook_id).claim("", gathers=False)
    assert dead is not None
    assert await told.send() == 0, "while the claim lasts nobody else sends it, nor what follows it"
    await told.due()
    assert await told.send() == 2
    assert hook.got[0].headers["X-Marketplace-Message"] == dead.message.message_id
    assert [request.json["type"] for request in hook.got] == ["plan.uploaded", "plan.analyzed"]
    rows = await pool.fetch("select attempt, outcome from flow.webhook_attempt where delivery_id = $1::uuid order by 1",
                            dead.message.message_id)  # fmt: skip
    assert [tuple(row) for row in rows] == [(1, "begun"), (2, "sent")], "what nobody knows is not made up"


async def test_what_nobody_takes_is_given_up_and_the_plan_goes_on(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await told_of_two(pool, history, hook.url)
    hook.answers = [(500, "unknown")]
    for _ in TRIES.again_s:
        assert await told.send() == 1
        await told.due()
        await pool.execute("update flow.breaker set state = 'closed', failures = 0")
    assert await told.send() == 2, "after the last try of the one the next one goes"
    await told.due()
    assert await told.states() == [("plan.uploaded", "failed"), ("plan.analyzed", "waiting")]
    hook.answers = [(200, "ok")]
    assert await told.send() == 1
    assert hook.got[-1].json["type"] == "plan.analyzed"


async def test_a_receiver_that_is_gone_is_not_asked_again(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    await history.event("plan.uploaded", uuid4())
    await told.take()
    hook.answers = [(410, "gone")]
    assert await told.send() == 1
    assert await told.states() == [("plan.uploaded", "failed")]


async def test_an_open_breaker_holds_all_of_it_and_costs_no_try(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    for _ in range(5):
        await history.event("plan.uploaded", uuid4())
    await told.take()
    hook.answers = [(503, "later")]
    assert await told.send() == 4, "three failures open it, the fourth is put off, and the fifth is not even claimed"
    assert len(hook.got) == 3
    assert await pool.fetchval("select state from flow.breaker where name = 'webhook:erp'") == "open"
    assert await pool.fetchval("select count(*) from flow.webhook_attempt") == 3
    await told.due()
    assert await told.send() == 0, "nothing is tried before it is time"
    hook.answers = [(200, "ok")]
    await pool.execute("update flow.breaker set retry_at = now() - interval '1 s'")
    await pool.execute("update flow.webhook set held_until = now() - interval '1 s'")
    assert await told.send() == 5
    assert await pool.fetchval("select held_until from flow.webhook") is None
    assert {state for _, state in await told.states()} == {"sent"}


async def test_what_waits_has_a_limit_and_the_history_keeps_the_rest(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "WINDOW", 2)
    told = await registered(pool, hook.url)
    for _ in range(5):
        await history.event("plan.uploaded", uuid4())
    assert [await told.take(), await told.take()] == [2, 0]
    while await told.send():
        await told.take()
    assert len(await told.states()) == len(hook.got) == 5


async def test_a_paused_webhook_takes_and_sends_nothing_and_loses_nothing(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    await history.event("plan.uploaded", uuid4())
    await told.take()
    await pool.execute("update flow.webhook set paused_at = now()")
    await history.event("plan.uploaded", uuid4())
    assert (await told.take(), await told.send()) == (0, 0)
    await pool.execute("update flow.webhook set paused_at = null")
    assert (await told.take(), await told.send()) == (1, 2)


@pytest.mark.parametrize("where", ["http://127.0.0.1:1/", "https://localhost:1/"])
async def test_a_name_that_leads_to_this_machine_is_not_called(
    pool: asyncpg.Pool, history: History, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.webhooks.HERE", ())
    told = await registered(pool, where)
    await history.event("plan.uploaded", uuid4())
    await told.take()
    await told.send()
    error = await pool.fetchval("select error from flow.webhook_delivery")
    assert error.startswith("not called: the host leads to ")
    assert where not in error


async def test_what_a_receiver_refuses_is_given_up_after_three_refusals_and_no_other_failure_counts(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await told_of_two(pool, history, hook.url)
    for answer in (503, 409, 422, 429, 400, 408, 425):
        hook.answers = [(answer, "no")]
        assert await told.send() == 1
        await told.due()
        await pool.execute("update flow.breaker set state = 'closed', failures = 0")
    assert await told.states() == [("plan.uploaded", "waiting"), ("plan.analyzed", "waiting")]
    hook.answers = [(404, "no"), (200, "ok")]
    assert await told.send() == 2
    assert await told.states() == [("plan.uploaded", "failed"), ("plan.analyzed", "sent")]
    rows = await pool.fetch("select status from flow.webhook_attempt order by at, attempt")
    assert [row["status"] for row in rows] == [503, 409, 422, 429, 400, 408, 425, 404, 0]
    # sent again by a person it has its tries anew
    await pool.execute(operations._AGAIN, told.webhook_id, [], True, 10)
    hook.answers = [(422, "no")]
    assert await told.send() == 1
    assert await told.states() == [("plan.uploaded", "waiting"), ("plan.analyzed", "sent")]


async def test_a_refusal_counts_whatever_of_its_words_is_not_told(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await told_of_two(pool, history, f"{hook.url}/in?4")  # what follows the `?` is a secret
    hook.answers = [(400, "no")]
    for _ in range(3):
        await told.send()
        await told.due()
    assert await told.states() == [("plan.uploaded", "failed"), ("plan.analyzed", "waiting")]
    assert await pool.fetchval("select count(*) from flow.webhook_attempt where detail like 'HTTP ***%'") == 3


async def test_a_queue_tells_what_waits_and_what_was_given_up_lately(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    assert await reads.queues(pool) == []
    for _ in range(3):
        await history.event("plan.uploaded", uuid4())
    await told.take()
    hook.answers = [(410, "gone"), (500, "not now")]
    await told.send()
    (queue,) = await reads.queues(pool)
    assert (queue.name, queue.waiting, queue.given_up) == ("erp", 2, 1)
    assert (queue.failed, queue.error) == ("HTTP 500", "HTTP 410")
    assert queue.oldest == await pool.fetchval(
        "select asked_at from flow.webhook_delivery where state = 'waiting' limit 1"
    )
    await pool.execute("update flow.webhook_delivery set ended_at = now() - interval '61 min' where state = 'failed'")
    assert [(queue.given_up, queue.error, queue.since) for queue in await reads.queues(pool)] == [(0, "", None)]
    await pool.execute("update flow.webhook set paused_at = now()")
    assert await reads.queues(pool) == []


@pytest.mark.parametrize("error", [TimeoutError(), asyncpg.QueryCanceledError("statement timeout")])
async def test_a_webhook_whose_events_are_not_found_in_time_holds_up_no_other(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    slow, told = await registered(pool, hook.url, name="slow"), await registered(pool, hook.url, name="erp")
    await history.event("plan.uploaded", uuid4())
    take = taking.take

    async def never_for_the_first(pool: asyncpg.Pool, webhook_id: UUID, source: str) -> int:
        if webhook_id == slow.webhook_id:
            raise error
        return await take(pool, webhook_id, source)

    monkeypatch.setattr(taking, "take", never_for_the_first)
    working = Webhooks(pool, SOURCE, HERE)
    assert await working.look() is False
    assert len(await told.states()) == 1
    working.stop()
    await working.run()


async def test_only_webhooks_with_news_are_asked_for_their_events(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told_of_two(pool, history, hook.url)
    took, take = list[int](), taking.take

    async def counted(*arguments: object) -> int:
        took.append(await take(*arguments))  # type: ignore[arg-type] # as they are given
        return took[-1]

    monkeypatch.setattr(taking, "take", counted)
    working = Webhooks(pool, SOURCE, HERE)
    await working.look()
    assert took == []
    for partition in (0, 7):  # the one it was told of already, and one that nobody had read of
        await history.event("plan.uploaded", uuid4(), partition=partition)
        await working.look()
        await working.look()
    assert took == [1, 1]
    working.stop()
    await working.run()


async def test_senders_follow_what_becomes_of_a_webhook_and_leave_no_open_breaker(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, slack: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    working = Webhooks(pool, SOURCE, HERE)
    await history.event("plan.uploaded", uuid4())
    assert await working.look() is False
    await until(lambda: hook.got)
    await pool.execute("update flow.webhook set url = $1", slack.url)
    await history.event("plan.uploaded", uuid4())
    await working.look()
    await until(lambda: slack.got)
    assert len(hook.got) == 1
    await until(lambda: working.sent == 2)
    await pool.execute("update flow.webhook set removed_at = now(), secret = ''")
    await pool.execute("select flow.breaker_trip('webhook:erp', 'a try that was under way', null, 'test')")
    assert await Webhooks(pool, SOURCE, HERE).look() is False
    assert await pool.fetchval("select state from flow.breaker where name = 'webhook:erp'") == "closed"
    await history.event("plan.uploaded", uuid4())
    await working.look()
    assert len(await told.states()) == 2
    working.stop()
    await working.run()
