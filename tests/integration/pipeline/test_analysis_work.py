"""One work item through to what the database keeps, whatever the analyst does."""

from __future__ import annotations

import asyncio
import struct
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import orjson
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Commands, Upload
from local.load import facts
from projections.settings import Settings
from schemas import headers
from schemas.belief import Mode
from schemas.catalogue import newest
from schemas.events import Event
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from schemas.registry import Registry, load_codec, subject_of
from schemas.signing import parse
from schemas.wire import Codec
from streams.analysis.agents.errors import AgentRejected, AgentUnavailable, AnswerUnusable
from streams.analysis.analyst import EmbeddedAnalyst
from streams.analysis.results import Results
from streams.analysis.work import Work
from streams.broker.records import Incoming, Outgoing
from streams.retries.ladder import Ladder
from tests.support.asked import Undecided
from tests.support.odd_registry import odd_registry
from tests.support.patience import PATIENCE_S


def never(channel: str) -> ChannelAnalysis:
    raise AssertionError(f"{channel} was analysed again")


class Sent:
    """A publisher that remembers."""

    def __init__(self) -> None:
        self.records: list[Outgoing] = []

    async def publish(self, records: Sequence[Outgoing]) -> None:
        self.records += records


class Analyst:
    """Does what it is told."""

    def __init__(self, act: Callable[[str], ChannelAnalysis]) -> None:
        self._act = act

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        return self._act(channel)


NOBODY = Analyst(never)


def raising(error: Exception) -> Analyst:
    def act(_: str) -> ChannelAnalysis:
        raise error

    return Analyst(act)


async def waiting(pool: asyncpg.Pool, channels: list[str]) -> tuple[str, str]:
    plan_id, document_id, sha = str(uuid.uuid4()), str(uuid.uuid4()), uuid.uuid4().hex
    data = {
        "plan_id": plan_id,
        "document_id": document_id,
        "title": "t",
        "filename": "f",
        "media_type": "text/csv",
        "size_bytes": 1,
        "sha256": sha,
        "channels": channels,
        "priority": "normal",
    }
    await Commands(pool, NoRelay()).upload(
        Upload(plan_id, document_id, sha, channels, facts().to_dict(), data, actor="ana", scope="ana")
    )
    return plan_id, document_id


def item(codec: Codec, plan_id: str, document_id: str, channel: str, *more: tuple[str, bytes]) -> Incoming:
    event = Event(
        "analysis.requested",
        str(uuid.uuid5(uuid.UUID(plan_id), channel)),
        f"work-{plan_id}.{channel}",
        1,
        1,
        "c",
        plan_id,
        "system:analysis",
        {"plan_id": plan_id, "document_id": document_id, "channel": channel, "priority": "normal"},
    )
    topic = "analysis.work.normal"
    carried = [*headers.for_event(event, None), *more]
    return Incoming(topic, 0, 7, 1, plan_id.encode(), codec.encode(topic, event), carried, lambda: None)


async def stored(pool: asyncpg.Pool, plan_id: str) -> dict[str, Any]:
    rows = await pool.fetch("select type, stream, data from decide.outbox where key = $1 order by seq", plan_id)
    return {f"{r['type']} {r['stream'].removeprefix('plan-' + plan_id)}".strip(): orjson.loads(r["data"]) for r in rows}


async def test_the_last_channel_finishes_the_plan_once(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, ["shopee", "amazon"])
    sent = Sent()
    work = Work(codec, EmbeddedAnalyst(), Results(pool), sent)  # type: ignore[arg-type] # a stand-in

    await work.see_through(item(codec, plan, document, "shopee"))
    between = await stored(pool, plan)
    await work.see_through(item(codec, plan, document, "amazon"))
    await work.see_through(item(codec, plan, document, "amazon"))  # delivered again

    assert "plan.analyzed" not in between
    after = await stored(pool, plan)
    assert list(after) == [
        "plan.uploaded",
        "plan.channel.analyzed .shopee",
        "plan.channel.analyzed .amazon",
        "plan.analyzed",
    ]
    assert [c["outcome"] for c in after["plan.analyzed"]["channels"]] == ["analyzed", "analyzed"]
    assert sent.records == []


@pytest.mark.parametrize("attempt", [b"0", b"3"])
async def test_an_event_that_is_no_request_is_a_dead_letter_at_once(
    pool: asyncpg.Pool, codec: Codec, attempt: bytes
) -> None:
    """Whoever put it there: nobody tries it again, and it holds no place in its lane."""
    plan, _ = await waiting(pool, ["shopee"])
    event = Event(
        "plan.rejected", str(uuid.uuid4()), f"plan-{plan}", 9, 1, "c", plan, "ana", {"plan_id": plan, "reason": "r"}
    )
    carried = [*headers.for_event(event, None), (headers.ATTEMPT, attempt)]
    value = codec.encode("plan.events", event)
    sent = Sent()
    work = Work(codec, NOBODY, Results(pool), sent, Ladder())  # type: ignore[arg-type] # a stand-in

    await work.see_through(Incoming("analysis.work.normal", 0, 7, 1, plan.encode(), value, carried, lambda: None))

    [letter] = sent.records
    assert (letter.topic, headers.text(letter.headers, headers.ERROR_CODE)) == ("agents.dlq", "unknown-type")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AgentRejected("the key is not valid", kind="key", status=401), "agent-key"),
        (AnswerUnusable("no_json"), "answer-no-json"),
    ],
)
async def test_what_never_helps_is_asked_once_and_then_the_rules_analyse(
    pool: asyncpg.Pool, codec: Codec, error: Exception, code: str
) -> None:
    plan, document = await waiting(pool, ["shopee"])
    sent = Sent()

    await Work(codec, raising(error), Results(pool), sent).see_through(  # type: ignore[arg-type] # a stand-in
        item(codec, plan, document, "shopee")
    )

    after = await stored(pool, plan)
    found = after["plan.channel.analyzed .shopee"]
    assert found["source"] == "rules"
    assert found["fallback"] == [{"agent": "", "code": code, "reason": str(error), "attempts": 1}]
    assert after["plan.analyzed"]["partial"] is False
    assert sent.records == []


async def test_a_channel_without_a_document_fails(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, _ = await waiting(pool, ["shopee"])
    record = item(codec, plan, str(uuid.uuid4()), "shopee")

    await Work(codec, NOBODY, Results(pool), Sent()).see_through(record)  # type: ignore[arg-type] # a stand-in

    after = await stored(pool, plan)
    assert after["plan.channel.failed .shopee"]["code"] == "document-missing"
    assert after["plan.analyzed"]["partial"] is True


async def test_a_fault_in_a_rule_fails_the_channel_and_not_the_plan(
    pool: asyncpg.Pool, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, document = await waiting(pool, ["shopee"])

    def broken(*_: object) -> ChannelAnalysis:
        raise ZeroDivisionError

    monkeypatch.setattr("streams.analysis.channel.by_the_rules", broken)
    away = raising(AnswerUnusable("empty"))
    await Work(codec, away, Results(pool), Sent()).see_through(item(codec, plan, document, "shopee"))  # type: ignore[arg-type] # a stand-in

    assert (await stored(pool, plan))["plan.channel.failed .shopee"]["code"] == "rules-failed"


async def test_an_outage_is_tried_again_and_then_the_rules_analyse(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, ["shopee"])
    sent = Sent()
    work = Work(codec, raising(AgentUnavailable("away", kind="connection")), Results(pool), sent)  # type: ignore[arg-type] # a stand-in

    await work.see_through(item(codec, plan, document, "shopee"))
    assert [r.topic for r in sent.records] == ["agents.retry.1s"]
    assert "plan.analyzed" not in await stored(pool, plan)

    last = item(codec, plan, document, "shopee", (headers.ATTEMPT, str(Ladder().max_attempts).encode()))
    await work.see_through(last)

    after = await stored(pool, plan)
    [failed] = after["plan.channel.analyzed .shopee"]["fallback"]
    assert (failed["code"], failed["attempts"]) == ("agent-connection", 4)
    assert len(sent.records) == 1


@pytest.mark.parametrize(
    ("asked", "tier"),
    [(None, "agents.retry.1s"), (0.5, "agents.retry.1s"), (3.0, "agents.retry.5s"), (600.0, "agents.retry.30s")],
)
async def test_who_asks_to_wait_is_not_asked_earlier_as_far_as_the_tiers_go(
    pool: asyncpg.Pool, codec: Codec, asked: float | None, tier: str
) -> None:
    plan, document = await waiting(pool, ["shopee"])
    sent = Sent()
    busy = raising(AgentUnavailable("too many requests", kind="rate", retry_after=asked))

    await Work(codec, busy, Results(pool), sent).see_through(item(codec, plan, document, "shopee"))  # type: ignore[arg-type] # a stand-in

    assert [r.topic for r in sent.records] == [tier]
    assert headers.text(sent.records[0].headers, headers.ATTEMPT) == "1"


async def test_in_place_of_a_result_that_cannot_be_kept_stands_that_of_the_rules(
    pool: asyncpg.Pool, codec: Codec
) -> None:
    plan, document = await waiting(pool, ["shopee"])
    lying = Analyst(lambda channel: ChannelAnalysis(channel, "agent", "m", "a NUL \x00 in a text"))

    await Work(codec, lying, Results(pool), Sent()).see_through(  # type: ignore[arg-type] # a stand-in
        item(codec, plan, document, "shopee")
    )

    after = await stored(pool, plan)
    [failed] = after["plan.channel.analyzed .shopee"]["fallback"]
    assert failed["code"] == "result-unusable"
    assert after["plan.analyzed"]["partial"] is False


async def test_a_request_whose_ids_nobody_can_store_ends_as_a_dead_letter(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, ["shopee"])
    sent = Sent()
    work = Work(codec, EmbeddedAnalyst(), Results(pool), sent)  # type: ignore[arg-type] # a stand-in
    event = codec.decode(item(codec, plan, document, "shopee").value)
    typed = "typed by hand"
    data = {**event.data, "plan_id": typed}
    event = replace(event, correlation_id=typed, stream=f"work-{typed}.shopee", data=data)
    value = codec.encode("analysis.work.normal", event)
    last = item(codec, plan, document, "shopee", (headers.ATTEMPT, str(Ladder().max_attempts).encode()))

    async with asyncio.timeout(PATIENCE_S):
        await work.see_through(replace(last, key=typed.encode(), value=value))

    assert [(r.topic, r.value) for r in sent.records] == [("agents.dlq", value)]
    assert headers.text(sent.records[0].headers, headers.ERROR_CODE) == "does-not-fit"


async def test_bytes_that_nobody_can_read_are_a_dead_letter(pool: asyncpg.Pool, codec: Codec) -> None:
    sent = Sent()
    record = Incoming("analysis.work.normal", 0, 1, 1, b"k", b"garbage", [], lambda: None)

    await Work(codec, EmbeddedAnalyst(), Results(pool), sent).see_through(record)  # type: ignore[arg-type] # a stand-in

    assert [r.topic for r in sent.records] == ["agents.dlq"]
    assert sent.records[0].value == b"garbage"


async def test_an_item_of_a_newer_version_is_read_by_what_the_registry_knows(
    pool: asyncpg.Pool, settings: Settings
) -> None:
    plan, document = await waiting(pool, ["shopee"])
    registry = Registry(settings.registry_url)
    codec = load_codec(registry)  # a process that has started before
    newer = {**newest("analysis.requested").raw}
    newer["fields"] = [*newer["fields"], {"name": "colour", "type": "string", "default": "", "doc": "New."}]
    new_id = registry.register(subject_of("analysis.work.normal", "analysis.requested"), newer)
    record = item(codec, plan, document, "shopee")
    assert record.value is not None
    record = replace(record, value=struct.pack(">bI", 0, new_id) + record.value[5:] + b"\x06red")
    sent = Sent()
    work = Work(codec, EmbeddedAnalyst(), Results(pool), sent, registry=registry)  # type: ignore[arg-type] # a stand-in

    await work.see_through(record)

    assert sent.records == []
    assert "plan.channel.analyzed .shopee" in await stored(pool, plan)


async def test_an_item_waits_while_the_registry_cannot_say_what_it_is(pool: asyncpg.Pool, codec: Codec) -> None:
    sent = Sent()
    record = Incoming("analysis.work.normal", 0, 1, 1, b"k", b"\0\x7f\xff\xff\xffx", [], lambda: None)
    with odd_registry(503) as registry:
        work = Work(codec, NOBODY, Results(pool), sent, registry=Registry(registry.url))  # type: ignore[arg-type] # a stand-in
        await work.see_through(record)

    assert [(r.topic, r.value) for r in sent.records] == [("agents.retry.5s", record.value)]
    assert headers.text(sent.records[0].headers, headers.ATTEMPT) == "0"


async def test_a_request_that_cannot_be_judged_yet_is_held_and_not_copied(
    pool: asyncpg.Pool, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.retries.genuine.UNKNOWN_S", 0.001)
    plan, document = await waiting(pool, ["shopee"])
    sent, belief = Sent(), Undecided(parse(f"one {'01' * 32}"), Mode.REQUIRE, None)
    work = Work(codec, NOBODY, Results(pool), sent, belief=belief)  # type: ignore[arg-type] # a stand-in
    seeing = asyncio.create_task(work.see_through(item(codec, plan, document, "shopee")))
    await belief.was_asked(3)
    assert sent.records == []

    belief.until = {}
    await seeing
    assert [headers.text(letter.headers, headers.ERROR_CODE) for letter in sent.records] == ["unsigned"]
