"""Old rows go, in chunks; young ones stay; what fails for one table fails for no other."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from gateway.live.places import log_now
from gateway.operations import housekeeping
from gateway.operations.housekeeping import keep_house
from tests.support.log_lines import log_lines

#: How many rows of each table are too young to go.
YOUNG = {
    "rm.dead_letter": 3,
    "decide.idempotency": 2,
    "decide.outbox": 2,
    "decide.outbox_edit": 2,
    "decide.column_mapping": 0,
    "decide.team_mapping": 0,
    "decide.stock_level": 2,
    "decide.channel_sold": 2,
    "decide.channel_returned": 2,
    "decide.ad_report": 2,
    "flow.column_proposal": 2,
    "flow.parked": 2,
    "flow.job_attempt": 2,
    "flow.marketplace_metrics": 2,
    "flow.replay_item": 2,
    "flow.replay_job": 2,
    "flow.alert": 2,
    "flow.alert_message": 2,
    "flow.reminder": 2,
    "flow.alert_silenced": 2,
    "flow.hook_heard": 2,
    "flow.log_cut": 2,
    "flow.webhook": 1,
    "flow.webhook_delivery": 2,
}


@pytest.fixture(autouse=True)
async def rows(pool: asyncpg.Pool) -> None:
    """Seven old rows and two young ones in each table; one record has waited for long, and still does."""
    await pool.execute(
        "truncate decide.idempotency, decide.outbox, decide.outbox_edit, flow.parked, flow.replay_job,"
        " flow.replay_item, decide.stock_level, decide.ad_report, decide.channel_sold, decide.channel_returned,"
        " flow.alert,"
        " flow.alert_message, flow.alert_silenced, flow.reminder,"
        " flow.marketplace_metrics, flow.job_attempt, flow.hook_heard, flow.column_proposal, flow.log_cut,"
        " flow.log_end, flow.webhook, rm.dead_letter, flow.dead_head cascade"
    )
    # the odd ones are discarded, the even ones replayed; two are young, the third waits for a decision
    await pool.execute(
        "insert into rm.dead_letter (record_id, dead_at, replays, replay, discarded_version, acted_at)"
        " select n::text, now() - interval '900 days', case when n % 2 = 0 then 1 else 0 end, 0,"
        "        case when n % 2 = 1 and n <> 3 then 1 else 0 end,"
        "        now() - case when n > 2 then interval '401 days' else interval '399 days' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.dead_head (record_id, version, discarded) select n::text, 1, n % 2 = 1"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into decide.idempotency (scope, key, request_hash, response, stored_at)"
        " select 's', n::text, 'h', '{}', now() - case when n > 2 then interval '8 days' else interval '6 days' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, published_at)"
        " select gen_random_uuid(), 't', 'k', 't', 's', n, 0, 'c', 'c', 'a', '{}',"
        "        case when n > 2 then now() - interval '25 hours' when n = 1 then now() - interval '23 hours' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into decide.outbox_edit (seq, edit, before, reason, actor, edited_at)"
        " select 1000000000, n, '{}', 'r', 'a',"
        "        now() - case when n > 2 then interval '91 days' else interval '89 days' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into decide.stock_level (sku_key, channel, counted_on, sku, title, quantity, version)"
        " select n::text, '', current_date - case when n > 2 then 401 else 399 end, 's', '', 1, 1"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into decide.channel_sold (plan_id, channel, first_day, last_day, sold, stored_at)"
        " select gen_random_uuid(), 'shopee', '2020-01-01', '2020-01-31', '{}',"
        " now() - case when n > 2 then interval '401 days' else interval '399 days' end from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into decide.channel_returned (plan_id, channel, returned, stored_at)"
        " select gen_random_uuid(), 'shopee', '[]',"
        " now() - case when n > 2 then interval '401 days' else interval '399 days' end from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into decide.ad_report (key, channel, first_day, last_day, report, document, version)"
        " select n::text, 'shopee', '2020-01-01', current_date - case when n > 2 then 732 else 730 end, '{}', 'd', 1"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.column_proposal (question, until)"
        " select '{}', now() - case when n > 2 then interval '25 hours' else interval '23 hours' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.parked (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt,"
        " type, code, error_class, message, behind, due_at, since, state, resolved_at, headers)"
        " select n::text, 'g', 'k', 't', 0, n, 't', 0, 0, '', '', '', '', '', now() - interval '9 days',"
        "        now() - interval '9 days',"
        "        case when n = 1 then 'waiting' when n % 2 = 0 then 'done' else 'given_up' end,"
        "        case when n > 2 then now() - interval '25 hours' when n = 2 then now() end, '[]'"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.alert (alert_id, key, kind, subject, severity, state, finding, text, evidence, advice,"
        " runbook, opened_at, resolved_at)"
        " select gen_random_uuid(), n::text, 'k', '', 'info', 'resolved', '{}', '', '', '', '', now(),"
        "        case when n > 2 then now() - interval '91 days' when n = 2 then now() end from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.alert_message (message_id, notifier, body, due_at, ended_at)"
        " select gen_random_uuid(), 'n', '{}', now(),"
        "        case when n > 2 then now() - interval '91 days' when n = 2 then now() end from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into access.person (person_id, handle, name, role) values ('p', 'p', 'P', 'viewer')"
        " on conflict do nothing"
    )
    await pool.execute(
        "insert into flow.reminder (task_id, person_id, due_on, about, due_at)"
        " select gen_random_uuid(), 'p', current_date - case when n > 2 then 401 else 399 end, 'due', now()"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.alert_silenced (key, until, reason, silenced_by)"
        " select n::text, now() - case when n > 2 then interval '25 hours' else interval '23 hours' end, 'r', 'a'"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.log_cut (topic, partition, epoch, kept, reached, since, found_at)"
        " select 't', 0, n, 1, 2, now(), now() - case when n > 2 then interval '91 days' else interval '89 days' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.hook_heard (hook, event_id, at)"
        " select 'h', n::text, now() - case when n > 2 then interval '31 days' else interval '29 days' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.webhook (webhook_id, name, url, secret, types, created_by, removed_at)"
        " values (md5('there')::uuid, 'there', '', '', '{}', 'a', null),"
        "        (md5('gone')::uuid, 'gone', '', '', '{}', 'a', now())"
    )
    await pool.execute(
        "insert into flow.webhook_delivery (delivery_id, webhook_id, plan_id, event_id, type, body, ended_at)"
        " select gen_random_uuid(), md5(case when n = 9 then 'gone' else 'there' end)::uuid, gen_random_uuid(),"
        "        gen_random_uuid(), 't', '{}', case when n < 2 or n = 9 then null when n = 2 then now()"
        "                                           else now() - interval '31 days' end from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message, at)"
        " select n::text, 0, 1, 'g', 'k', 't', 'c', 'e', 'm',"
        "        now() - case when n > 2 then interval '91 days' else interval '89 days' end"
        " from generate_series(1, 9) n"
    )
    await pool.execute(  # minutes for 30 days, hours for two years
        "insert into flow.marketplace_metrics (step, at, seen_s, down_s)"
        " select case when n in (1, 3) then 'hour' else 'minute' end, now() - n * interval '1 second' - case"
        "        when n = 1 then interval '700 days' when n = 2 then interval '29 days'"
        "        when n = 3 then interval '735 days' else interval '31 days' end, 60, 0 from generate_series(1, 9) n"
    )
    await pool.execute(
        "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, state, ended_at)"
        " values (md5('old')::uuid, 'a', 'r', '{}', false, 1, 7, 'done', now() - interval '91 days'),"
        "        (md5('ended')::uuid, 'a', 'r', '{}', false, 1, 1, 'cancelled', now() - interval '89 days'),"
        "        (md5('running')::uuid, 'a', 'r', '{}', false, 1, 1, 'running', null)"
    )
    await pool.execute(
        "insert into flow.replay_item (job_id, position, record_id)"
        " select md5(case n when 1 then 'ended' when 2 then 'running' else 'old' end)::uuid, n, n::text"
        " from generate_series(1, 9) n"
    )


async def left(pool: asyncpg.Pool) -> dict[str, int]:
    return {k.table: await pool.fetchval(f"select count(*) from {k.table}") for k in housekeeping.TABLES}


@pytest.mark.parametrize("chunk", [1, 3, 7, 2000])
async def test_old_rows_go_and_young_ones_stay(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK", chunk)

    assert await keep_house(pool) == 119 + 7 + 1 + 7 + 1 + 6

    assert await left(pool) == YOUNG
    assert await pool.fetchval("select count(*) from flow.parked where state = 'waiting'") == 1


async def test_one_go_is_bounded(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK", 2)
    monkeypatch.setattr(housekeeping, "MOST_CHUNKS", 2)

    assert await keep_house(pool) == 64 + 4 + 1 + 4 + 4 + 1 + 1 + 6

    # no replay goes before what became of its letters
    assert (await left(pool))["flow.replay_job"] == 3


async def test_what_fails_is_logged_and_keeps_no_other_waiting(pool: asyncpg.Pool) -> None:
    class Slow:
        async def execute(self, sql: str, *args: Any) -> str:
            if "idempotency" in sql:
                raise TimeoutError
            done: str = await pool.execute(sql, *args)
            return done

    with log_lines() as said:
        assert await keep_house(Slow()) == 112 + 7 + 1 + 7 + 1 + 6  # type: ignore[arg-type] # a pool of which one statement is slow

    assert [(s["log_level"], s["table"], s["job"]) for s in said] == [("warning", "decide.idempotency", "housekeeping")]
    assert said[0]["request_id"].startswith("housekeeping-")
    assert len(said[0]["trace_id"]) == 32
    assert await left(pool) == {**YOUNG, "decide.idempotency": 9}


async def test_an_event_that_was_mended_stays_as_long_as_its_original(pool: asyncpg.Pool) -> None:
    mended = await pool.fetchval("select seq from decide.outbox where version = 9")
    edit = "insert into decide.outbox_edit (seq, edit, before, reason, actor) values ($1, 1, '{}', 'r', 'a')"
    await pool.execute(edit, mended)

    await keep_house(pool)

    assert await pool.fetchval("select count(*) from decide.outbox where seq = $1", mended) == 1
    await pool.execute("update decide.outbox_edit set edited_at = now() - interval '91 days' where seq = $1", mended)
    await keep_house(pool)  # the edit goes, and with the next go the event
    await keep_house(pool)
    assert await pool.fetchval("select count(*) from decide.outbox where seq = $1", mended) == 0


async def test_published_events_stay_for_as_long_as_is_set(pool: asyncpg.Pool) -> None:
    await keep_house(pool, 26)
    assert (await left(pool))["decide.outbox"] == 9

    await keep_house(pool, 22)
    assert (await left(pool))["decide.outbox"] == 1, "what was never published"


async def test_the_newest_cut_of_each_topic_stays_so_that_listeners_know_which_log_it_is(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "truncate flow.log_cut;"
        " insert into flow.log_cut (topic, partition, epoch, kept, reached, since, found_at)"
        " select topic, 0, n, 1, 2, now(), now() - make_interval(days => 100 + n)"
        " from unnest(array['plan.events', 'task.events']) topic, generate_series(1, 3) n"
    )
    log = await log_now(pool)

    await keep_house(pool)

    assert await log_now(pool) == log
    assert [tuple(row) for row in await pool.fetch("select topic, epoch from flow.log_cut order by topic")] == [
        ("plan.events", 1),
        ("task.events", 1),
    ]


async def test_what_was_published_before_an_outage_stays_until_the_log_was_seen_again(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "insert into flow.log_end (topic, partition, epoch, next_offset, seen_at)"
        " values ('t', 0, 0, 1, now() - interval '90 minutes')"
    )
    await keep_house(pool)
    assert (await left(pool))["decide.outbox"] == 9

    await pool.execute("update flow.log_end set seen_at = now()")
    await keep_house(pool)
    assert (await left(pool))["decide.outbox"] == YOUNG["decide.outbox"]


async def test_letters_go_by_what_was_decided_and_one_that_waits_never(pool: asyncpg.Pool) -> None:
    async def letters() -> set[str]:
        return {row["record_id"] for row in await pool.fetch("select record_id from rm.dead_letter")}

    await pool.execute("update flow.dead_head set edit_value = 'personal' where record_id = '5'")
    await keep_house(pool, letter_days={"replayed": 5000, "discarded": 400})
    assert await letters() == {"1", "2", "3", "4", "6", "8"}
    assert await pool.fetchval("select count(*) from flow.dead_head where edit_value is not null") == 0

    await keep_house(pool, letter_days={"replayed": 1, "discarded": 1})
    assert await letters() == {"1", "3"}, "one waits for its turn in a retry topic, the other one for a decision"
    heads = {row["record_id"] for row in await pool.fetch("select record_id from flow.dead_head")}
    assert heads == {"1", "3"}


async def test_the_audit_says_what_went_of_that_which_people_and_documents_told(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "insert into decide.column_mapping (header_id, columns, document, used_at, made_by)"
        " values ('h', '{}', 'Vendas da Ana.xlsx', now() - interval '3 years', 'ana')"
    )
    before = await pool.fetchval("select coalesce(max(entry_id), 0) from audit.entry")

    await keep_house(pool)
    await keep_house(pool)  # nothing is left, and nothing is told of it

    rows = await pool.fetch(
        "select actor, action, target, outcome, (after ->> 'rows')::int as rows, after ->> 'until' as until, reason,"
        " after::text as after from audit.entry where entry_id > $1 order by entry_id",
        before,
    )
    assert {(row["actor"], row["action"], row["outcome"]) for row in rows} == {
        ("system:retention", "retention.delete", "accepted")
    }
    told = {(row["target"], row["reason"]): row["rows"] for row in rows}
    assert told == {
        ("rm.dead_letter", "MARKETPLACE_REPLAYED_LETTER_DAYS"): 3,
        ("rm.dead_letter", "MARKETPLACE_DISCARDED_LETTER_DAYS"): 3,
        ("decide.outbox_edit", ""): 7,
        ("decide.column_mapping", ""): 1,
        ("decide.stock_level", ""): 7,
        ("decide.channel_sold", ""): 7,
        ("decide.channel_returned", ""): 7,
        ("decide.ad_report", ""): 7,
        ("flow.webhook_delivery", ""): 6,
    }
    until = {row["target"]: row["until"] for row in rows}
    assert until["decide.stock_level"] == str(await pool.fetchval("select current_date - 401"))
    assert until["rm.dead_letter"] is None
    assert not any("Ana" in row["after"] for row in rows)
