"""Rows of the read models as the projections would write them: plans in every state, with hostile texts among them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

SPACE = UUID("6f1f5f0e-5a51-4b8c-9f55-6a3a5f2f4b11")
JSON = {"also_serves", "opportunities", "phases", "phase1", "repairs", "limits", "outcomes", "data", "facts"}
#: Texts that would do harm if they were ever taken for markup.
HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked=1">'


def uid(*parts: object) -> UUID:
    """The same id for the same parts, so that tests can name rows."""
    return uuid5(SPACE, "/".join(map(str, parts)))


AWAITING, PARTIAL, ANALYZING = uid("awaiting"), uid("partial"), uid("analyzing")
EXECUTING, COMPLETED, REJECTED = uid("executing"), uid("completed"), uid("rejected")
CANCELLED, NASTY, EMPTY = uid("cancelled"), uid("nasty"), uid("empty")
#: A plan with every kind of figure, and a channel in its document that nobody chose.
FIGURES = uid("figures")
WEBHOOK = uid("erp")


async def insert(db: asyncpg.Connection, table: str, **values: Any) -> None:
    """Insert one row."""
    columns = ", ".join(f'"{c}"' for c in values)
    places = ", ".join(f"${i}" for i in range(1, len(values) + 1))
    args = [json.dumps(v) if name in JSON else v for name, v in values.items()]
    await db.execute(f"insert into {table} ({columns}) values ({places})", *args)


class Seed:
    """Writes plans with their events as if they had happened some minutes ago."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db
        self.now = datetime.now(UTC)
        self._offset = 0

    def at(self, **ago: float) -> datetime:
        return self.now - timedelta(**ago)

    async def plan(self, plan_id: UUID, status: str, **values: Any) -> None:
        row: dict[str, Any] = {
            "plan_id": plan_id,
            "version": 2,
            "status": status,
            "title": "Vendas de março",
            "filename": "vendas-marco.xlsx",
            "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "size_bytes": 1_482_233,
            "sha256": plan_id.hex * 2,
            "channels": ["mercado_livre", "shopee"],
            "priority": "normal",
            "uploaded_by": "Ana",
            "uploaded_at": self.at(minutes=12),
            "changed_at": self.at(minutes=2),
            "trace_id": plan_id.hex,
        } | values
        await insert(self.db, "rm.plan", **row)
        await insert(
            self.db,
            "decide.head",
            stream=f"plan-{plan_id}",
            kind="plan",
            plan_id=plan_id,
            status=status,
            version=row["version"],
            reserved=1 if status == "analyzing" else 0,
        )
        await self.event(
            plan_id,
            "plan.uploaded",
            f"plan-{plan_id}",
            1,
            "Ana",
            {"filename": row["filename"], "title": row["title"], "channels": row["channels"]},
            row["uploaded_at"],
        )

    async def document(self, plan_id: UUID, tables: list[dict[str, Any]], warnings: list[str]) -> None:
        facts = {"media_type": "text/csv", "title": "t", "tables": tables, "channels": [], "text": ""}
        await insert(
            self.db,
            "decide.document",
            document_id=plan_id,
            plan_id=plan_id,
            sha256=plan_id.hex * 2,
            channels=["mercado_livre", "shopee"],
            facts=facts | {"warnings": warnings},
        )

    async def event(
        self, plan_id: UUID, type_: str, stream: str, version: int, actor: str, data: dict[str, Any], at: datetime
    ) -> None:
        self._offset += 1
        await insert(
            self.db,
            "rm.timeline",
            event_id=uid(stream, type_, version),
            plan_id=plan_id,
            type=type_,
            stream=stream,
            version=version,
            occurred_at=at,
            recorded_at=at + timedelta(milliseconds=4),
            actor=actor,
            causation_id=str(uid("cause", stream, version)),
            trace_id=plan_id.hex,
            topic=f"{type_.partition('.')[0]}.events",
            partition=3,
            offset=self._offset,
            data=data,
        )

    async def channel(self, plan_id: UUID, channel: str, status: str = "analyzed", **values: Any) -> None:
        row: dict[str, Any] = {"source": "rules", "model": "rules-1", "summary": ""} | values
        await insert(
            self.db,
            "rm.plan_channel",
            plan_id=plan_id,
            channel=channel,
            version=1,
            status=status,
            changed_at=self.at(minutes=11),
            **row,
        )
        type_ = f"plan.channel.{status}"
        data = {
            "channel": channel,
            "opportunities": values.get("opportunities", []),
            "reason": values.get("reason", ""),
        }
        await self.event(plan_id, type_, f"plan-{plan_id}.{channel}", 1, "system:analysis", data, self.at(minutes=11))

    async def task(self, plan_id: UUID, position: int, status: str, title: str, **values: Any) -> UUID:
        task_id = uid(plan_id, "task", position)
        row: dict[str, Any] = {
            "what": "Faça assim.",
            "channel": "mercado_livre",
            "priority": "normal",
            "assignee": "",
            "created_at": self.at(minutes=5),
            "changed_at": self.at(minutes=3),
        } | values
        await insert(
            self.db,
            "rm.task",
            task_id=task_id,
            plan_id=plan_id,
            version=1,
            position=position,
            phase=1,
            title=title,
            status=status,
            **row,
        )
        await self.event(
            plan_id,
            "task.created",
            f"task-{task_id}",
            1,
            "system:phase1",
            {"title": title, "task_id": str(task_id)},
            self.at(minutes=5),
        )
        return task_id


def phase1(origin: str, rule: str, tasks: int) -> dict[str, Any]:
    return {
        "origin": origin,
        "rule": rule,
        "name": "Fase 1 - Otimizações de Impacto Rápido",
        "weeks": "Semanas 1-4",
        "investment": "Baixo: horas da equipe",
        "expected_impact": "Até R$ 30.803,35 por mês, pela soma das oportunidades",
        "tasks": [{"task_id": str(i)} for i in range(tasks)],
    }
