"""The deadlines in Postgres: those that are missed, the facts of their plans, and the notes on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final

import asyncpg
import orjson

from schemas.events import Event
from schemas.process.connection import Db
from schemas.process.outbox_calls import CALL
from schemas.process.outbox_seals import Seals
from schemas.topics import AGENTS, ANALYSIS, PROJECTIONS
from schemas.wire import UNREADABLE
from streams.broker.partitions import place_of_work
from streams.watchdog.outbox_events import UNASKED, genuine, in_the_way
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Wait

#: Missed deadlines looked at in one go, of each kind: however many of one kind wait, the other has its turn.
BATCH: Final = {"phase1": 200, "analysis": 100, "again": 50}
#: Deadline -> the group that has to do what is waited for.
WAITS_FOR: Final = {"phase1": AGENTS, "analysis": ANALYSIS, "again": ANALYSIS}

# A row that another watchdog holds is its own to care for. `met`: there is nothing to wait for any more, or another
# request has taken the place of the one that was waited for.
_MISSED: Final = """
    select d.plan_id::text, d.kind, d.channel, d.since, d.check_from, d.due_at, d.stalled_at,
           d.attempts, d.cause, d.evidence::text, d.recommendation, d.escalated_at, d.requested, d.requested_channels,
           extract(epoch from clock_timestamp() - d.acted_at)::float8 as acted_s,
           extract(epoch from clock_timestamp() - d.since)::float8 as waited_s,
           coalesce(p.status, h.status, '') as status, h.traceparent,
           case d.kind when 'analysis' then p.analyzed_at is not null or h.status is null or h.status = 'cancelled'
                       when 'again' then not exists (select from decide.channel_again g
                                                      where g.plan_id = d.plan_id and g.channel = d.channel
                                                        and g.asked_at <= d.since)
                       else p.phase1 is not null
                            and jsonb_array_length(p.phase1 -> 'tasks')
                                <= (select count(*) from rm.task t where t.plan_id = d.plan_id)
           end as met
      from flow.deadline d
      left join rm.plan p on p.plan_id = d.plan_id
      left join decide.head h on h.stream = 'plan-' || d.plan_id
     where d.kind = $1 and d.check_from < clock_timestamp() - make_interval(secs => $2)
     order by d.check_from limit $3
       for update of d skip locked
"""

_FACTS: Final = """
    select w.plan_id::text, w.kind, w.channel, g.version as asked_version, t.topic, t.partition, t."offset",
           o.published, extract(epoch from clock_timestamp() - o.published_at)::float8 as in_log_s,
           a.seqs as conclusions, a.published as conclusions_published,
           coalesce(w.kind = 'phase1' and p.phase1 is not null, false) as shown, k.tier as parked,
           l.code as dead_letter, l.why as dead_letter_why, u.why as unshown,
           x.why as set_aside, x.seq as set_aside_seq, p.priority,
           (select extract(epoch from clock_timestamp() - max(o.stored_at))::float8
              from decide.channel_result r join decide.outbox o on o.event_id = r.event_id
             where w.kind = 'analysis' and r.plan_id = w.plan_id) as result_s,
           case w.kind when 'analysis' then array(
               select unnest(d.channels)
               except select r.channel from decide.channel_result r where r.plan_id = w.plan_id)
                       when 'again' then array[w.channel]
                       else '{}' end as missing
      from (select w.*, case kind when 'phase1' then 'plan.approved' when 'again' then 'plan.channel.requested_again'
                                  else 'plan.uploaded' end as cause
              from unnest($1::uuid[], $2::text[], $3::text[], $5::text[]) w (plan_id, kind, grp, channel)) w
      left join decide.channel_again g on w.kind = 'again' and g.plan_id = w.plan_id and g.channel = w.channel
      left join lateral (
          select o.published_at is not null as published, o.published_at from decide.outbox o
           where o.stream = 'plan-' || w.plan_id and o.type = w.cause and o.version = coalesce(g.version, o.version)
      ) o on true
      left join lateral (
          select t.topic, t.partition, t."offset" from rm.timeline t
           where t.plan_id = w.plan_id and t.stream = 'plan-' || w.plan_id and t."offset" >= 0
             and t.type = w.cause and t.version = coalesce(g.version, t.version) limit 1
      ) t on true
      left join lateral (
          select array_agg(o.seq) as seqs, array_agg(o.published_at is not null) as published from decide.outbox o
           where o.stream = 'plan-' || w.plan_id and w.kind <> 'again'
             and o.type = case w.kind when 'phase1' then 'plan.phase1.created' else 'plan.analyzed' end
      ) a on true
      left join lateral (
          select k.tier || ': ' || k.code as tier from flow.parked k
           where k.grp = w.grp and k.key = w.plan_id::text
             and k.state = 'waiting' order by k.orig_offset limit 1
      ) k on true
      left join lateral (
          select l.code, l.code || ': ' || l.message as why from rm.dead_letter l
           where l.plan_id = w.plan_id and l.state in ('open', 'parked')
             and l.grp = w.grp limit 1
      ) l on true
      left join lateral (
          select u.code || ': ' || u.message as why from rm.dead_letter u
           where u.plan_id = w.plan_id and u.state in ('open', 'parked') and u.grp = $4
             and u.type = any (case w.kind when 'phase1' then array['plan.phase1.created', 'task.created']
                                           else array['plan.analyzed'] end) limit 1
      ) u on true
      left join lateral (
          select x.seq, x.type || ': ' || x.held_why as why from decide.outbox x
           where x.key = w.plan_id::text and x.held_at is not null and x.published_at is null
             and x.held_why is not null and x.stream not like 'recovery-%' order by x.stream, x.version limit 1
      ) x on true
      left join rm.plan p on p.plan_id = w.plan_id
      left join decide.document d on d.plan_id = w.plan_id
"""

_PUT: Final = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent)
    select v.event_id, v.topic, v.key, v.type, v.stream, v.version, v.occurred_at, v.causation_id, v.key, v.actor,
           v.data, v.traceparent
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::text[],
                  $9::text[], $10::jsonb[], $11::text[]) with ordinality
           v (event_id, topic, key, type, stream, version, occurred_at, causation_id, actor, data, traceparent, n)
     order by v.n
    on conflict do nothing
"""


async def missed(connection: Db, patience: Patience) -> list[asyncpg.Record]:
    """Return missed deadlines, locked for this transaction."""
    rows: list[asyncpg.Record] = []
    for kind, most in BATCH.items():
        rows += await connection.fetch(_MISSED, kind, patience.due_s(kind), most)
    return rows


async def waits(
    connection: Db, rows: Sequence[asyncpg.Record], patience: Patience, seals: Seals = UNASKED
) -> list[Wait]:
    """Return the wait of each plan, in the order of `rows`. What concludes one is believed by its seal."""
    plans, kinds, channels = ([r[name] for r in rows] for name in ("plan_id", "kind", "channel"))
    facts = await connection.fetch(_FACTS, plans, kinds, [WAITS_FOR[kind] for kind in kinds], PROJECTIONS, channels)
    found = {(r["plan_id"], r["kind"], r["channel"]): r for r in facts}
    believed = await genuine(connection, {seq for r in facts for seq in r["conclusions"] or ()}, seals)
    made = []
    for row in rows:
        fact = found[row["plan_id"], row["kind"], row["channel"]]
        ends = zip(fact["conclusions"] or (), fact["conclusions_published"] or (), strict=True)
        concluded = [published for seq, published in ends if seq in believed]
        made.append(
            Wait(
                plan_id=row["plan_id"],
                kind=row["kind"],
                asked_version=fact["asked_version"],
                waited_s=row["waited_s"],
                late_s=row["waited_s"] - patience.due_s(row["kind"]),
                attempts=row["attempts"],
                published=fact["published"],
                set_aside=fact["set_aside"],
                set_aside_seq=fact["set_aside_seq"],
                lane=place_of_work(row["plan_id"], fact["priority"]),
                found_at=None if fact["topic"] is None else (fact["topic"], fact["partition"], fact["offset"]),
                missing=tuple(fact["missing"]),
                concluded=bool(concluded) or fact["shown"],
                conclusion_published=not concluded or any(concluded),
                parked=fact["parked"],
                dead_letter=None if fact["dead_letter"] is None else fact["dead_letter_why"][:200],
                poison=fact["dead_letter"] in UNREADABLE,
                unshown=None if fact["unshown"] is None else fact["unshown"][:200],
                in_log_s=max(0.0, fact["in_log_s"] or 0.0),
                result_s=inf if fact["result_s"] is None else fact["result_s"],
            )
        )
    return made


async def close(connection: Db, rows: Sequence[asyncpg.Record]) -> None:
    """Delete deadlines that are met. A request for another analysis that came meanwhile gets its own."""
    met = [[r[name] for r in rows] for name in ("plan_id", "kind", "channel")]
    await connection.execute(
        "delete from flow.deadline d using unnest($1::uuid[], $2::text[], $3::text[]) v (plan_id, kind, channel)"
        " where d.plan_id = v.plan_id and d.kind = v.kind and d.channel = v.channel",
        *met,
    )
    # nobody asks between the two: who asks waits for the row that we hold
    await connection.execute(
        "insert into flow.deadline (plan_id, kind, channel, since, check_from)"
        " select g.plan_id, v.kind, g.channel, g.asked_at, g.asked_at"
        "   from unnest($1::uuid[], $2::text[], $3::text[]) v (plan_id, kind, channel)"
        "   join decide.channel_again g on v.kind = 'again' and g.plan_id = v.plan_id and g.channel = v.channel"
        " on conflict do nothing",
        *met,
    )


async def look_again(connection: Db, rows: Sequence[asyncpg.Record], patience: Patience, in_s: list[float]) -> None:
    """Leave each of these deadlines alone for its number of seconds."""
    await connection.execute(
        "update flow.deadline d set check_from = clock_timestamp() + make_interval(secs => v.in_s)"
        " from unnest($1::uuid[], $2::text[], $3::float8[], $4::text[]) v (plan_id, kind, in_s, channel)"
        " where d.plan_id = v.plan_id and d.kind = v.kind and d.channel = v.channel",
        [r["plan_id"] for r in rows],
        [r["kind"] for r in rows],
        [seconds - patience.due_s(r["kind"]) for r, seconds in zip(rows, in_s, strict=True)],
        [r["channel"] for r in rows],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The result of one look at a missed deadline: cause, evidence, action, and seconds until the next look."""

    due_at: datetime
    attempts: int
    cause: str
    evidence: dict[str, str]
    recommendation: str
    acted: bool
    escalated: bool
    again_in_s: float
    due_s: float


async def note(connection: Db, row: asyncpg.Record, found: Note) -> None:
    """Store the diagnosis, the recovery, and the time of the next look."""
    await connection.execute(
        "update flow.deadline set due_at = coalesce(due_at, $3), stalled_at = coalesce(stalled_at, clock_timestamp()),"
        " attempts = $4, cause = $5, evidence = $6::jsonb, recommendation = $11,"
        " escalated_at = case when $7 then coalesce(escalated_at, clock_timestamp()) else escalated_at end,"
        " acted_at = case when $10 then clock_timestamp() else acted_at end,"
        " check_from = clock_timestamp() + make_interval(secs => $8::float8 - $9::float8)"
        " where plan_id = $1::uuid and kind = $2 and channel = $12",
        row["plan_id"],
        row["kind"],
        found.due_at,
        found.attempts,
        found.cause,
        orjson.dumps(found.evidence).decode(),
        found.escalated,
        found.again_in_s,
        found.due_s,
        found.acted,
        found.recommendation,
        row["channel"],
    )


async def next_version(connection: Db, plan_id: str) -> int:
    """Give away the next version of the stream recovery-<plan>."""
    version: int = await connection.fetchval(
        "insert into flow.recovery_stream as r (plan_id, version) values ($1::uuid, 1)"
        " on conflict (plan_id) do update set version = r.version + 1 returning version",
        plan_id,
    )
    return version


async def put(connection: Db, events: Sequence[tuple[str, Event, str | None]], seals: Seals = UNASKED) -> None:
    """Put (topic, event, traceparent) into the outbox in this order.

    Events that are there already are repeats, unless nobody of ours decided what is there: that is judged.
    """
    if not events:
        return
    rows = [
        (
            e.event_id,
            topic,
            e.correlation_id,
            e.type,
            e.stream,
            e.version,
            e.occurred_at,
            e.causation_id,
            e.actor,
            orjson.dumps(e.data).decode(),
            traceparent,
        )
        for topic, e, traceparent in events
    ]
    said = await connection.execute(_PUT, *map(list, zip(*rows, strict=True)))
    if said != f"INSERT 0 {len(rows)}":
        await in_the_way(connection, [e for _, e, _ in events], seals)
    await connection.execute(CALL)  # heard once all of it is stored
