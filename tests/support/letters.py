"""Dead letters and waiting records, as the projections and the guard write them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson

from projections.dead_letters.projection import Letter, project_letter
from projections.rows import Recorded
from projections.run.writer import rows_of, write
from schemas import headers as h
from schemas.catalogue import newest
from schemas.events import Event
from schemas.registry import placements
from schemas.wire import Codec
from tests.support.events import uploaded

IDS = {placement: n for n, placement in enumerate(placements(), start=1)}
WRITERS = {schema_id: (type_, newest(type_).raw) for (_, type_), schema_id in IDS.items()}
CODEC = Codec(IDS, WRITERS)
#: The trace context of the attempt that failed last.
FAILED = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"


def upload_of(plan: str, title: str = "Vendas") -> Event:
    event = replace(uploaded(), event_id=str(uuid.uuid4()), correlation_id=plan, stream=f"plan-{plan}")
    return replace(event, data={**event.data, "plan_id": plan, "title": title})


async def add_letter(
    pool: asyncpg.Pool,
    *,
    event: Event | None = None,
    value: bytes | None = b"nonsense",
    plan: str = "",
    group: str = "agents",
    code: str = "ValueError",
    message: str = "no",
    replay: int = 0,
    offset: int | None = None,
    at: datetime | None = None,
    record_id: str = "",
    topic: str = "plan.events",
) -> str:
    """A record is a dead letter; return its id."""
    offset = uuid.uuid4().int % 10**12 if offset is None else offset
    if record_id:
        offset = int(record_id.rpartition("|")[2])
    plan = event.correlation_id if event else plan
    carried: h.Headers = h.for_event(event, None) if event else [(h.TYPE, b"plan.uploaded")]
    said = {
        h.GROUP: group, h.ORIG_TOPIC: topic, h.ORIG_PARTITION: 3, h.ORIG_OFFSET: offset, h.ATTEMPT: 4,
        h.ERROR_CODE: code, h.ERROR_CLASS: code, h.ERROR_MESSAGE: message, h.ERROR_STACK: "Traceback\nno",
        h.FIRST_FAILED_AT: 1_773_147_845_000, h.LAST_FAILED_AT: 1_773_147_881_000,
        h.FAILED_SPAN: FAILED,
    }  # fmt: skip
    carried = [*carried, *((name, str(v).encode()) for name, v in said.items())]
    if replay:
        carried.append((h.REPLAY, str(replay).encode()))
    bytes_ = CODEC.encode("plan.events", event) if event else value
    letter = Letter(
        f"{group}.dlq",
        0,
        offset * 10 + replay,
        at or datetime.now(UTC),
        plan.encode(),
        bytes_,
        carried,
        event,
        "ab" * 16,
    )
    async with pool.acquire() as connection:
        await connection.execute("set search_path to rm")
        await write(connection, project_letter(letter), [], [])
        await connection.execute("reset search_path")
    return f"{group}|{topic}|3|{offset}"


async def project_actions(pool: asyncpg.Pool) -> None:
    """Do what the relay and the projections do with what was decided about letters."""
    rows = await pool.fetch("select * from decide.outbox where topic = 'system.events' order by seq")
    async with pool.acquire() as connection:
        await connection.execute("set search_path to rm")
        for row in rows:
            event = Event(
                row["type"], str(row["event_id"]), row["stream"], row["version"], row["occurred_at"],
                row["causation_id"], row["correlation_id"], row["actor"], orjson.loads(row["data"]),
            )  # fmt: skip
            CODEC.encode("system.events", event)
            await write(
                connection, rows_of(Recorded(event, "system.events", 0, row["seq"], datetime.now(UTC), None)), [], []
            )
        await connection.execute("reset search_path")


async def add_waiting(
    pool: asyncpg.Pool,
    *,
    plan: str,
    offset: int,
    due: timedelta = timedelta(hours=1),
    state: str = "waiting",
    **fields: Any,
) -> str:
    """A record waits in a retry topic; return its id."""
    record_id = f"agents|plan.events|3|{offset}"
    carried = [
        (h.TYPE, b"plan.uploaded"), (h.GROUP, b"agents"), (h.ORIG_TOPIC, b"plan.events"), (h.ORIG_PARTITION, b"3"),
        (h.ORIG_OFFSET, str(offset).encode()), (h.ATTEMPT, b"1"), (h.NEXT_ATTEMPT_AT, b"1"),
    ]  # fmt: skip
    await pool.execute(
        "insert into flow.parked (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt,"
        " type, code, error_class, message, behind, due_at, since, state, value, headers)"
        " values ($1, 'agents', $2, 'plan.events', 3, $3, 'agents.retry.30s', 0, 1, 'plan.uploaded', $4, $4, 'no', $5,"
        " now() + $6::interval, now(), $7, 'bytes', $8::jsonb)",
        record_id,
        plan,
        offset,
        fields.get("code", "ValueError"),
        fields.get("behind", ""),
        due,
        state,
        orjson.dumps(h.to_json(carried)).decode(),
    )
    return record_id
