"""Load for scenarios, chaos and benchmarks: many plans, approved through the real HTTP API, followed to their tasks."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import asyncpg
import httpx
import orjson

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Commands, Upload
from local.chaos.histories import Histories
from local.chaos.one_plan import Decision, Shown
from local.lean import Lean
from schemas import outbox_seal
from schemas.facts import ChannelFacts, DocumentFacts, Figure, Product
from schemas.lifecycle import PlanAction
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_home import learn_growth
from schemas.process.outbox_calls import CALL
from schemas.process.places import new_plan_id
from schemas.process.signing import Signing

#: Approvals under way at once.
AT_ONCE: Final = 64
#: Seconds that a look waits for its answer. A decision gives up sooner: it is asked for again, and nothing twice.
LOOK_S: Final = 60.0
CHANNEL: Final = "shopee"


def facts(channels: Sequence[str] = (CHANNEL,)) -> DocumentFacts:
    """Return the figures of a small shop, alike on each channel: enough for the rules to fill a Phase 1."""
    products = [
        Product(f"SKU-{n}", f"Produto {n}", 100.0, 5000.0, 80, 30.0, 900.0, 900.0, 700.0, -120.0, 50.0, "2026-03-28")
        for n in range(6)
    ]
    skus = [p.sku for p in products]
    figures = [
        Figure("revenue", 30000.0, "BRL"),
        Figure("orders", 480.0, "count"),
        Figure("units", 600.0, "count"),
        Figure("average_ticket", 62.5, "BRL"),
        Figure("fee_share", 0.24, "ratio"),
        Figure("shipping_share", 0.21, "ratio"),
        Figure("cancellation_rate", 0.14, "ratio"),
        Figure("return_rate", 0.19, "ratio", skus),
        Figure("refunds", 5400.0, "BRL", skus),
    ]
    period = ["2026-03-01", "2026-03-31"]
    own = [ChannelFacts(channel, period, "BRL", figures, products) for channel in channels]
    return DocumentFacts("text/csv", "Carga", channels=own)


class Load:
    """One tenant's worth of plans. Uploads skip the reading of a document (its figures are given); all else is real."""

    def __init__(self, env: Mapping[str, str], key: str) -> None:
        self._env = env
        self._pool: asyncpg.Pool | None = None
        self._client = httpx.AsyncClient(
            base_url=env["MARKETPLACE_URL"],
            headers={"Authorization": f"Bearer {key}"},
            timeout=10,
            transport=Lean(AT_ONCE),
        )
        self.plans: list[str] = []
        #: what was asked and answered here
        self.histories = Histories()
        #: plan -> seconds from the first try of its approval to the answer
        self.accepted: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        seals = outbox_seal.session(Signing.from_env(self._env).own)
        url = self._env["MARKETPLACE_DATABASE_URL"]
        self._pool = await asyncpg.create_pool(url, min_size=0, max_size=4, server_settings=seals)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        assert self._pool is not None
        await self._pool.close()

    @property
    def pool(self) -> asyncpg.Pool:
        """The database, for looking at what became of the plans."""
        assert self._pool is not None
        return self._pool

    async def upload(self, count: int, *, priority: str = "normal", channels: Sequence[str] = (CHANNEL,)) -> list[str]:
        """Announce new plans; return their ids."""
        commands = Commands(self.pool, NoRelay())
        kept = facts(channels).to_dict()
        async with self.pool.acquire() as connection:
            await learn_growth(connection)
        made = [str(new_plan_id(priority)) for _ in range(count)]

        async def one(number: int, plan_id: str) -> None:
            document_id, sha256 = str(uuid.uuid4()), uuid.uuid4().hex
            data = {
                "plan_id": plan_id,
                "document_id": document_id,
                "title": f"Carga {number}",
                "filename": "carga.csv",
                "media_type": "text/csv",
                "size_bytes": number + 1,  # by which a fault can be asked of one of them
                "sha256": sha256,
                "channels": list(channels),
                "priority": priority,
            }
            asked = self.histories.upload(plan_id)
            await commands.upload(
                Upload(plan_id, document_id, sha256, list(channels), kept, data, actor="load", scope="load")
            )
            asked.said(None)

        for start in range(0, count, AT_ONCE):
            await asyncio.gather(*(one(n, p) for n, p in enumerate(made[start : start + AT_ONCE], start)))
            await self.pool.execute(CALL)  # as a gateway's upload does
        self.plans += made
        return made

    async def wait(self, plans: Sequence[str], statuses: Sequence[str], *, within_s: float) -> int:
        """Return how many plans have one of the statuses: all of them, or those after `within_s` seconds."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                seen = await self.pool.fetchval(
                    "select count(*) from rm.plan where plan_id = any($1::uuid[]) and status = any($2::text[])",
                    list(plans),
                    list(statuses),
                )
            except DATABASE_FAILS:
                seen = 0
            if seen == len(plans) or time.monotonic() > deadline:
                return int(seen)
            await asyncio.sleep(0.05)

    async def approve(
        self, plans: Sequence[str], *, reason: str = "", version: int | None = None, within_s: float = 300.0
    ) -> None:
        """Approve all at once, as stubborn clients do: again after every failure, with the same key.

        `version`: the one that was read, of plans of which a channel was analysed again.
        """
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(plan_id: str) -> None:
            async with slots:
                began = time.monotonic()
                while not await self._try_approve(plan_id, reason, version):
                    if time.monotonic() - began > within_s:
                        raise TimeoutError(f"plan {plan_id} could not be approved within {within_s:.0f} s")
                    await asyncio.sleep(0.1)
                self.accepted[plan_id] = time.monotonic() - began

        await asyncio.gather(*(one(p) for p in plans))

    async def _try_approve(self, plan_id: str, reason: str, version: int | None) -> bool:
        answer = await self.decide(plan_id, Decision(PlanAction.APPROVE, f"approve-{plan_id}", version), reason)
        if answer is None or answer.status_code in (429, 500, 502, 503):
            return False
        answer.raise_for_status()
        return True

    async def decide(self, plan_id: str, wanted: Decision, reason: str = "") -> httpx.Response | None:
        """Ask for a decision once; return the answer, None where none came."""
        read = {} if wanted.expect is None else {"If-Match": f'"{wanted.expect}"'}
        asked = self.histories.decide(plan_id, wanted)
        try:
            answer = await self._client.patch(
                f"/api/marketplace/analysis/{plan_id}",
                content=orjson.dumps({"action": wanted.action, **({"reason": reason} if reason else {})}),
                headers={"Idempotency-Key": wanted.key, "Content-Type": "application/json", **read},
            )
        except httpx.TransportError as error:
            asked.failed(error)
            return None
        asked.answered(answer)
        return answer

    async def read(self, plan_id: str, client: str, least: int | None = None) -> Shown | None:
        """Read a plan, from a version on; return what it is, None where no answer came."""
        asked = self.histories.read(plan_id, client, least)
        try:
            answer = await self._client.get(
                f"/api/marketplace/analysis/{plan_id}", params={} if least is None else {"min_version": least}
            )
        except httpx.TransportError:
            asked.refused()
            return None
        if answer.status_code in (429, 500, 502, 503):
            asked.refused()
            return None
        body = answer.json() if answer.is_success else {}
        shown = Shown(body.get("status", ""), body.get("version", 0), lag="x-projection-lag" in answer.headers)
        asked.said(shown)
        return shown

    async def wait_for_tasks(self, plans: Sequence[str], *, within_s: float) -> dict[str, int]:
        """Return the number of tasks of each plan, once every plan is executing and has all of Phase 1's."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                rows = await self.pool.fetch(
                    "select p.plan_id::text, jsonb_array_length(p.phase1 -> 'tasks') as wanted,"
                    " (select count(*) from rm.task t where t.plan_id = p.plan_id) as made"
                    " from rm.plan p where plan_id = any($1::uuid[]) and phase1 is not null",
                    list(plans),
                )
            except DATABASE_FAILS:
                rows = []
            made = {r["plan_id"]: r["made"] for r in rows}
            if len(rows) == len(plans) and all(r["made"] == r["wanted"] for r in rows):
                return made
            if time.monotonic() > deadline:
                missing = len(plans) - sum(r["made"] == r["wanted"] for r in rows)
                raise TimeoutError(f"{missing} of {len(plans)} plans lack their tasks after {within_s:.0f} s")
            await asyncio.sleep(0.05)

    async def get(self, path: str) -> Any:
        """Return the JSON of a GET."""
        answer = await self._client.get(path, timeout=LOOK_S)
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Return the JSON of a POST."""
        answer = await self._client.post(path, json=body, timeout=LOOK_S)
        answer.raise_for_status()
        return answer.json()
