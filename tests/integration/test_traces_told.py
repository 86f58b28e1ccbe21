"""What the watchdog heals is in the plan's trace; a message about it, and buckets of a real Prometheus, lead there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import pytest

from local.stack import Stack
from schemas.process import telemetry as t
from tests.integration.traced import SALES, UPLOAD, read, request_of, until_ready, upload
from tests.support.otlp import Receiver, Span
from tests.support.patience import PATIENCE_S, eventually, until
from tests.support.prometheus import Scraping, scraping
from tests.support.receivers import HttpReceiver, http_receiver
from tests.support.systems import Systems

KEY = "mrs_told_" + "k" * 43
TRACES = "http://traces.example/{trace}"
ROUTES = """
[[route]]
to = ["webhook"]
kinds = ["plans-stalled"]
[patience.plans-stalled]
opens_s = 0.1
resolves_s = 0.1
"""
HEALED = {"plan.stalled", "plan.recovery.started", "plan.recovered", "plan.phase1.created"}
#: What the worker measures. It is stopped a moment after it has seen the plan, so it is asked about another one.
OF_THE_WORKER = "marketplace_queue_delay_seconds"
#: What is measured of the plan itself, in its own trace.
OF_THE_PLAN = (
    "marketplace_http_request_seconds",
    "marketplace_analysis_seconds",
    "marketplace_detection_seconds",
    "marketplace_recovery_seconds",
)


@dataclass(frozen=True)
class Healed:
    """A plan that stalled and was healed: the spans until then, the messages, and a Prometheus that looks on."""

    spans: list[Span]
    messages: list[dict[str, Any]]
    prometheus: Scraping

    @property
    def trace(self) -> str:
        return request_of(self.spans, UPLOAD).trace_id

    def about(self, what: str) -> list[dict[str, Any]]:
        return [alert for alert in self.messages if alert["about"] == what]


@pytest.fixture(scope="module")
async def healed(
    systems: Systems, tmp_path_factory: pytest.TempPathFactory, collected: Receiver
) -> AsyncIterator[Healed]:
    folder = tmp_path_factory.mktemp("told")
    (folder / "routes.toml").write_text(ROUTES)
    with http_receiver() as hook:
        env = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collected.endpoint,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "MARKETPLACE_BOOTSTRAP_KEY": KEY,
            "MARKETPLACE_ALERT_WEBHOOK_URL": hook.url,
            "MARKETPLACE_ALERT_ROUTES": str(folder / "routes.toml"),
            "MARKETPLACE_TRACE_URL": TRACES,
            "OPENAI_API_KEY": "",
            "OPENAI_BASE_URL": "",
        }
        async with systems.system(folder / "traces", env) as running, scraping(running, KEY, folder) as prometheus:
            with httpx.Client(
                base_url=running.env["MARKETPLACE_URL"], headers={"Authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S
            ) as client:
                spans = await asyncio.to_thread(stall_and_heal, running, client, collected, hook)
                messages = told(hook)
                running.resume("worker")
                await asyncio.to_thread(upload, client, SALES.read_bytes() + b"\n", "beside")
            yield Healed(spans, messages, prometheus)


async def test_recovery_is_in_the_plans_trace_and_the_message_is_linked_to_it(healed: Healed) -> None:
    root = request_of(healed.spans, UPLOAD)
    (opened,) = healed.about("opened")
    (resolved,) = healed.about("resolved")
    assert opened["kind"] == "plans-stalled"
    assert opened["trace"] == resolved["trace"] == TRACES.replace("{trace}", root.trace_id)
    sent = [s for s in healed.spans if s.kind == "PRODUCER" and s.attributes.get(t.EVENT_TYPE) in HEALED]
    assert {s.attributes[t.EVENT_TYPE] for s in sent} == HEALED
    assert {s.trace_id for s in sent} == {root.trace_id}
    messages = [s for s in healed.spans if s.name == "tell webhook"]
    assert len(messages) == 2
    for span in messages:
        assert (span.service, span.kind, span.failed) == ("marketplace-alerts", "CLIENT", False)
        assert span.links == ((root.trace_id, root.span_id),)
        assert span.trace_id != root.trace_id, "a message can be about many plans"


async def test_the_buckets_lead_to_the_trace_of_the_plan(healed: Healed, collected: Receiver) -> None:
    recorded = {span.trace_id for span in healed.spans}
    for metric in OF_THE_PLAN:

        async def leads(metric: str = metric) -> bool:
            return healed.trace in await healed.prometheus.exemplars(metric)

        await until(leads, say=partial(str, metric))

    async def leads_to_a_trace() -> bool:
        found = await healed.prometheus.exemplars(OF_THE_WORKER)
        return bool(found & {span.trace_id for span in collected.wait_for(bool)})

    await until(leads_to_a_trace, say=lambda: OF_THE_WORKER)
    assert await healed.prometheus.exemplars("marketplace_http_request_seconds") & recorded > {healed.trace}


def stall_and_heal(running: Stack, client: httpx.Client, collected: Receiver, hook: HttpReceiver) -> list[Span]:
    """Have a plan stall until somebody was told of it, and then heal; return all spans."""

    def is_told(what: str) -> bool:
        return any(alert["about"] == what for alert in told(hook))

    plan_id = upload(client, SALES.read_bytes(), "stalls")
    until_ready(client, plan_id)
    flag(client, enabled=False)
    running.pause("worker")
    eventually(lambda: gone(client), within_s=PATIENCE_S, say=lambda: None)
    approved = client.patch(f"/api/marketplace/analysis/{plan_id}", json={"action": "approve"})
    assert approved.status_code == 202, approved.text
    eventually(lambda: is_told("opened"), within_s=PATIENCE_S, say=lambda: hook.got)
    flag(client, enabled=True)
    eventually(lambda: bool(read(client, plan_id).get("tasks")), within_s=PATIENCE_S, say=lambda: read(client, plan_id))
    eventually(lambda: is_told("resolved"), within_s=PATIENCE_S, say=lambda: hook.got)

    def complete(spans: list[Span]) -> bool:
        sent = {s.attributes.get(t.EVENT_TYPE) for s in spans if s.kind == "PRODUCER"}
        return sent >= HEALED and [s.name for s in spans].count("tell webhook") == 2

    return collected.wait_for(complete)


def told(hook: HttpReceiver) -> list[dict[str, Any]]:
    return [alert for one in hook.got for alert in one.json["alerts"]]


def flag(client: httpx.Client, *, enabled: bool) -> None:
    body = {"name": "automatic_recovery", "enabled": enabled, "reason": "a test"}
    answer = client.patch("/api/system/flags", json=body)
    assert answer.status_code in (200, 202), answer.text


def gone(client: httpx.Client) -> bool:
    processes = client.get("/api/system/health").json()["processes"]
    return not any(one["role"] == "worker" and one["connected"] for one in processes)
