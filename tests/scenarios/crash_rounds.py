"""The rounds of the crash test: which points are armed together, and what makes each of them be passed."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx
from aiokafka import AIOKafkaProducer

from local.backoff import Backoff
from local.load import Load
from local.stack import Stack
from schemas import headers as h
from schemas.process.crashpoints import EXIT_STATUS
from schemas.topics import PLAN_EVENTS, WORK
from tests.support.patience import PATIENCE_S

#: Every crash point by the process that dies there. Each round takes one of each process; the watchdog has its own.
POINTS = {
    "gateway": (
        "uploads.before_commit",
        "commands.before_commit",
        "relay.fetched",
        "uploads.committed",
        "commands.committed",
        "relay.sent",
        "relay.acknowledged",
        "relay.marked",
    ),
    "worker": (
        "guard.handled",
        "guard.ahead",
        "guard.saved",
        "publisher.sent",
        "publisher.acknowledged",
        "guard.published",
        "guard.noted",
        "guard.acknowledged",
        "worker.before_commit",
        "worker.committed",
    ),
    "runner": (
        "results.before_record",
        "results.recorded",
        "results.finished",
        "comparing.before_record",
        "comparing.recorded",
        "work.recorded",
        "lanes.item_done",
        "lanes.before_commit",
        "lanes.committed",
        "work.retry_saved",
        "work.retry_published",
        "work.before_dead_letter",
        "work.dead_letter_published",
        "again.before_record",
        "again.recorded",
    ),
    "pump": ("pump.before_publish", "pump.published", "pump.committed"),
    "projections": (
        "projections.advanced",
        "projections.before_commit",
        "projections.before_question",
        "projections.committed",
        "burial.before_publish",
        "burial.published",
    ),
    "alerts": (
        "alerts.claimed",
        "alerts.sent",
        "alerts.marked",
        "webhooks.before_commit",
        "webhooks.committed",
    ),
    "watchdog": ("care.before_commit", "care.before_action", "care.acted"),
}
#: Those of the worker's other host, in place of the two that Faust's has.
OF_AIOKAFKA = ("host.before_commit", "host.committed")
ON_AIOKAFKA = tuple(point for point in POINTS["worker"] if not point.startswith("worker.")) + OF_AIOKAFKA
#: What the alert engine of a round has to send: so it passes its points whatever is wrong then.
TEST = '{"message_id": "%s", "title": "t", "severity": "info", "items": [], "count": 0, "text": "t", "link": ""}'
#: Plans of a round.
PLANS = 12
#: The plan of each round whose first attempt fails, so that the pump has something to do.
FAILS = 3
FAULTS = f"fail plan.uploaded where size_bytes={FAILS + 1} times 1"
#: Two days, each document's later than those of the one before: it is compared with that.
CSV = "Data;SKU;Produto;Quantidade;Valor total\n{:%d/%m/%Y};A1;Caneca;2;59,80\n{:%d/%m/%Y};{};Prato;1;19,90\n"
FIRST_DAY = date(2026, 4, 1)


def rounds() -> list[dict[str, str]]:
    """Return the points of each round without the watchdog: process -> point."""
    others = {process: names for process, names in POINTS.items() if process != "watchdog"}
    count = max(map(len, others.values()))
    return [{process: names[n] for process, names in others.items() if n < len(names)} for n in range(count)]


@dataclass
class Crashes:
    """Drives a system through all points."""

    stack: Stack
    load: Load
    folder: Path
    key: str
    poison: int = 0
    uploaded: list[str] = field(default_factory=list)
    asked_again: int = 0

    async def round(self, points: dict[str, str], approve: list[str]) -> list[str]:
        """Crash at every point while the plans of the last round are approved; return those of this one."""
        for process in points:
            self.stack._supervisor.processes[process].backoff = Backoff()  # type: ignore[union-attr] # each is an accident
        for point in points.values():
            (self.folder / point).touch()
        if "alerts" in points:
            message = uuid.uuid4()
            statement = "select flow.alert_test($1, 'webhook', $2, 'drill', 'drill')"
            await self.load.pool.execute(statement, message, TEST % message)
        uploading = asyncio.create_task(self._upload_a_document())
        approving = asyncio.create_task(self.load.approve(approve))
        plans = await self.load.upload(PLANS)
        held = f"plan:{plans[FAILS]}" if points.get("runner", "").startswith("work.retry") else None
        if held:
            # its analysis is held back, then: the worker fails at the first attempt, so this is in time
            await self.load.pool.execute("select flow.breaker_trip($1, 'drill', null, 'drill')", held)
        if {"burial.before_publish", "burial.published"} & set(points.values()):
            await self._send_poison(PLAN_EVENTS, "plan.approved", approve[0])
        if points.get("runner", "").startswith("again."):
            await self._analyse_again()
        if points.get("runner", "").startswith(("work.before_dead", "work.dead")):
            await self._send_poison(WORK["normal"], "analysis.requested", approve[0])
        await self._all_passed(points)
        if held:
            await self.load.pool.execute("select flow.breaker_reset($1, 'drill', 'drill')", held)
        await asyncio.gather(uploading, approving)
        return plans

    async def approve_what_was_analysed_again(self) -> None:
        """Approve the first document's plan, once it has its last analysis, by the version that it has then."""
        plan = self.uploaded[0]
        answered = 2 + 2 * self.asked_again
        while await self.load.pool.fetchval("select version from rm.plan where plan_id = $1::uuid", plan) != answered:
            await asyncio.sleep(0.1)
        await self.load.approve([plan], version=answered)

    async def watchdog_rounds(self) -> None:
        """Crash the watchdog at each of its points while there is no worker: only what it does gets plans on."""
        self.stack.pause("worker")
        self.stack.wait_for("worker", "paused")
        self.stack.resume("watchdog")
        self.stack.wait_for("watchdog")
        watchdog = self.stack._supervisor.processes["watchdog"]  # type: ignore[union-attr]
        plans: list[str] = []
        for point in POINTS["watchdog"]:
            watchdog.backoff = Backoff()
            (self.folder / point).touch()
            fresh = await self.load.upload(FAILS)  # all but the one that fails
            await self._all_passed({"watchdog": point})
            assert await self.load.wait(fresh, ["awaiting_approval"], within_s=PATIENCE_S) == len(fresh), point
            assert watchdog.last_exit == EXIT_STATUS
            plans += fresh
        await self.load.approve(plans)
        await self.load.wait_for_tasks(plans, within_s=PATIENCE_S)
        self.stack.resume("worker")
        self.stack.wait_for("worker")

    async def _all_passed(self, points: dict[str, str], within_s: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + within_s
        while left := [point for point in points.values() if (self.folder / point).exists()]:
            assert time.monotonic() < deadline, f"nobody came to {', '.join(left)}"
            await asyncio.sleep(0.05)

    async def _upload_a_document(self) -> None:
        """Upload as a stubborn client does: again after every failure, with the same key."""
        first = FIRST_DAY + timedelta(days=2 * len(self.uploaded))
        body, again = CSV.format(first, first + timedelta(days=1), uuid.uuid4().hex[:8]).encode(), uuid.uuid4().hex
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": again}
        while True:
            try:
                async with httpx.AsyncClient(base_url=self.stack.env["MARKETPLACE_URL"], timeout=PATIENCE_S) as client:
                    answer = await client.post(
                        "/api/marketplace/analysis/upload",
                        files={"file": ("carga.csv", body)},
                        data={"channels": "shopee"},
                        headers=headers,
                    )
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code < 500:
                answer.raise_for_status()
                self.uploaded.append(answer.json()["planId"])
                return
            await asyncio.sleep(0.1)

    async def _analyse_again(self) -> None:
        """Have a channel of the first document's plan analysed again."""
        assert await self.load.wait(self.uploaded[:1], ["awaiting_approval"], within_s=PATIENCE_S) == 1
        async with httpx.AsyncClient(base_url=self.stack.env["MARKETPLACE_URL"]) as client:
            answer = await client.post(
                f"/api/marketplace/analysis/{self.uploaded[0]}/channels/shopee/analysis",
                json={"with": "rules"},
                headers={"Authorization": f"Bearer {self.key}"},
            )
        answer.raise_for_status()
        self.asked_again += 1

    async def _send_poison(self, topic: str, type_: str, plan: str) -> None:
        """Send what nobody can read, under the name of an event that is waited for."""
        producer = AIOKafkaProducer(bootstrap_servers=self.stack.env["MARKETPLACE_BROKERS"], enable_idempotence=True)
        await producer.start()
        try:
            await producer.send_and_wait(topic, b"\0poison", key=plan.encode(), headers=[(h.TYPE, type_.encode())])
        finally:
            await producer.stop()
        # every group that reads the topic has a dead letter of it
        self.poison += 2 if topic == PLAN_EVENTS else 1
