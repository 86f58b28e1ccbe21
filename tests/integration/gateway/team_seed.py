"""Two teams, and a plan of one of them with a mark in every table that tells of plans."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson

from gateway.access.api_keys import ApiKeys
from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.access.teams import Teams
from gateway.audit.writing import Who
from projections.reads.seen import NARROWED
from schemas.facts import DocumentFacts
from tests.integration.gateway import gateway_seed as seed

BY: Final = Who("test")
#: Stands in every text of the plan that is another team's; what is looked for by its beginning is no finding.
MARK: Final = "zzleak-b7"
BEGINS: Final = "zzleak"
#: Tables of which nothing belongs to one plan.
_OF_THE_COMPANY: Final = {"rm.tally", "access.team", "decide.plan_team"}
#: Tables that everybody sees but for one column, a document's name or what somebody wrote: the mark is there alone.
_BUT_FOR: Final = {
    **dict.fromkeys(("rm.unit_cost", "rm.stock_level", "rm.ad_report", "decide.column_mapping"), "document"),
    "flow.alert_silenced": "reason",
}
#: Columns that say in which state something is: a mark is none.
_STATES: Final[dict[str, dict[str, Any]]] = {
    "decide.column_mapping": {"header_id": "ab" * 16, "currency": "BRL"},
    "decide.team_mapping": {"header_id": "ab" * 16, "currency": "BRL"},
    "rm.unit_cost": {"currency": "BRL"},
    "rm.stock_level": {"channel": "shopee"},
    "rm.ad_report": {"channel": "shopee", "currency": "BRL"},
    "flow.alert_silenced": {"key": "x", "until": datetime(2100, 1, 1, tzinfo=UTC)},
    "rm.plan": {
        "status": "awaiting_approval",
        "priority": "high",
        "channels": ["shopee"],
        "body": None,
        "phases_left": [1],
    },
    "rm.task": {"status": "open", "priority": "high", "channel": "shopee", "position": 1, "phase": 1},
    "rm.plan_channel": {"channel": "shopee", "status": "analyzed", "source": "rules", "body": None, "told_by": None},
    "rm.plan_phase": {"number": 2},
    "rm.comparison": {"channel": "shopee", "bridge": None},
    "decide.compared": {"channel": "shopee", "other_channel": "amazon", "metrics": [MARK]},
    "rm.outcome": {
        "channel": "shopee",
        "opportunity_id": f"shopee-{MARK}",
        "source": "rules",
        "verdict": "improved",
        "acted": "done",
    },
    "rm.timeline": {"type": "plan.uploaded", "version": 1, "topic": "plan.events", "partition": 0, "offset": 1},
    "rm.dead_letter": {"discarded_version": 0, "replayed_version": 0, "replay": 0, "replays": 0, "grp": "agents"},
    "rm.slo_missed": {"measure": "phase1"},
    "rm.recovery": {"type": "plan.stalled", "version": 1},
    "decide.head": {"kind": "plan", "status": "awaiting_approval", "version": 2, "reserved": 0},
    "decide.document": {"channels": ["shopee"]},
    "decide.channel_period": {"channel": "shopee"},
    "flow.deadline": {"kind": "phase1", "requested": None, "evidence": "{}"},
    "flow.parked": {"state": "waiting", "grp": "agents", "attempt": 1},
    "flow.job_attempt": {"grp": "agents", "type": "plan.approved"},
    "flow.breaker": {"state": "open"},
    "flow.alert": {"state": "open", "severity": "warning", "kind": "breaker-open", "finding": "{}", "follows": "[]"},
    "flow.replay_job": {"state": "done", "rate": 1.0, "selection": f'{{"q": "{MARK}"}}'},
    "flow.replay_item": {"outcome": "accepted"},
    "audit.entry": {"action": "plan.approve"},
}
_COLUMNS: Final = """
    select column_name, data_type from information_schema.columns
     where table_schema || '.' || table_name = $1 and is_generated = 'NEVER' and is_identity = 'NO'
     order by ordinal_position"""


@dataclass(frozen=True)
class Planted:
    """Two teams with a person each, and what is of the other one's plan. `secrets`: none of it may be read by ana."""

    ana: str
    bia: str
    own: UUID
    plan: UUID
    task: UUID
    letter: str
    alert: UUID
    job: UUID
    teams: dict[str, UUID]

    @property
    def secrets(self) -> list[str]:
        ids = (self.plan, self.task, self.letter, self.alert, self.job)
        return [MARK, *(str(one) for one in ids), self.plan.hex]


async def plant(pool: asyncpg.Pool) -> Planted:
    """Make the teams a and b, ana and bia in them, a plan of each; that of b says its mark wherever it can."""
    people, keys, teams = People(pool), ApiKeys(pool), Teams(pool)
    made = {name: await teams.make(name, BY) for name in ("Azul", "Branco")}
    shown = {}
    for handle, team in (("ana", "Azul"), ("bia", "Branco")):
        await people.make(New(handle, handle.title(), Role.ANALYST), BY)
        await teams.add(made[team], "person", handle, BY)
        shown[handle] = (await keys.create(f"{handle}, laptop", Role.ANALYST, "test", person=handle)).key
    own = await seed.add_plan(pool, title="Plano da Ana")
    await seed.add_task(pool, own, title="Tarefa da Ana")
    plan, task, alert, job = uuid4(), uuid4(), uuid4(), uuid4()
    letter = f"agents|plan.events|3|{uuid4().int % 10**12}"
    ids = {"plan_id": plan, "task_id": task, "alert_id": alert, "job_id": job, "record_id": letter}
    for table in sorted(NARROWED, key=lambda one: (one == "flow.replay_item", one)):
        if table not in _OF_THE_COMPANY:
            await _row(pool, table, ids)
    # of the system, so everybody sees it: but what somebody wrote beside it, here and with its silence
    of_all = {"key": "x", "subject": "broker", "acknowledged_by": "bia", "follows": _follows(plan, own)}
    await _row(pool, "flow.alert", {**ids, "alert_id": uuid4()}, alone="note", states=of_all)
    for one, team in ((own, "Azul"), (plan, "Branco")):
        await pool.execute("insert into decide.plan_team values ($1, $2)", one, made[team])
    return Planted(shown["ana"], shown["bia"], own, plan, task, letter, alert, job, made)


def _follows(*plans: UUID) -> str:
    """Return what follows from an alert about all of the system: that each of these plans has its breaker open."""
    return json.dumps(
        [
            {
                "kind": "breaker-open",
                "subject": f"plan:{plan}",
                "since": None,
                "values": {"name": f"plan:{plan}", "reason": "a recovery did not help: lost", "until": None},
                "text": f"The circuit breaker plan:{plan} is open",
            }
            for plan in plans
        ]
    )


async def _row(
    pool: asyncpg.Pool,
    table: str,
    ids: dict[str, Any],
    *,
    alone: str | None = None,
    states: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write a row of the plan: its ids where they are asked for, the mark in every text, and states that there are.

    `alone`: the mark is in this column and no other, and the row is of no plan. `states` are further ones.
    """
    plan, alone = ids["plan_id"], alone or _BUT_FOR.get(table)
    states = {**_STATES.get(table, {}), **states}
    facts = orjson.dumps(DocumentFacts(media_type="text/csv", title=MARK).to_dict()).decode()
    special: dict[str, Any] = {
        **ids,
        "measured_by": plan,
        "document_id": plan,
        "key": str(plan),
        "stream": f"plan-{plan}",
        "facts": facts,
        "opportunities": orjson.dumps([{**seed.OPPORTUNITY, "title": MARK}]).decode(),
        "phases": orjson.dumps([seed.PHASE]).decode(),
        "outcomes": "[]",
        "also_serves": "[]",
        "unmatched": "[]",
        "name": f"plan:{plan}" if table == "flow.breaker" else MARK,
        "subject": f"plan:{plan}",
    }
    named, values = [], []
    for column in await pool.fetch(_COLUMNS, table):
        name, kind = column["column_name"], column["data_type"]
        value = states[name] if name in states else special.get(name, _of(kind))
        if alone is not None:
            plain = {"text": "x", "json": '{"x": "ignore"}', "jsonb": "[]", "uuid": ids["alert_id"]}
            value = MARK if name == alone else states.get(name, plain.get(kind, _of(kind)))
        if value is not None:
            named.append(f'"{name}"')
            values.append(value)
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await pool.execute(f"insert into {table} ({', '.join(named)}) values ({places})", *values)


def _of(kind: str) -> Any:
    """Return a value of a type of Postgres: the mark, where it takes one; None for types that are left as they are."""
    numbers = dict.fromkeys(("integer", "bigint", "smallint"), 1) | dict.fromkeys(("double precision", "real"), 1.0)
    said = orjson.dumps({"said": MARK}).decode()
    return {
        **numbers,
        "text": MARK,
        "jsonb": said,
        "json": said,
        "uuid": uuid4(),
        "timestamp with time zone": seed.NOW,
        "date": seed.NOW.date(),
        "boolean": False,
        "ARRAY": [MARK],
        "bytea": MARK.encode(),
    }.get(kind)


def told(answer: httpx.Response) -> str:
    """Return all that an answer tells, of a workbook what its parts say; and its headers."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    if not answer.content.startswith(b"PK"):
        return f"{head}\n{answer.text}"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return head + "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
