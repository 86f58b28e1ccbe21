"""What the watchdog heals is in the plan's trace, and the message about it is linked to that and leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.stack import Stack
from schemas.process import telemetry as t
from tests.integration.traced import SALES, UPLOAD, read, request_of, until_ready, upload
from tests.support.otlp import Receiver, Span, receiver
from tests.support.patience import eventually
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


@pytest.fixture
def collected() -> Iterator[Receiver]:
    with receiver() as receiving:
        yield receiving


@pytest.fixture
def hook() -> Iterator[HttpReceiver]:
    with http_receiver() as made:
        yield made


def about(hook: HttpReceiver, what: str) -> list[dict[str, Any]]:
    return [alert for one in hook.got for alert in one.json["alerts"] if alert["about"] == what]


async def test_recovery_is_in_the_plans_trace_and_the_message_is_linked_to_it(
    systems: Systems, tmp_path: Path, collected: Receiver, hook: HttpReceiver
) -> None:
    (tmp_path / "routes.toml").write_text(ROUTES)
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collected.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "MARKETPLACE_ALERT_WEBHOOK_URL": hook.url,
        "MARKETPLACE_ALERT_ROUTES": str(tmp_path / "routes.toml"),
        "MARKETPLACE_TRACE_URL": TRACES,
        "OPENAI_API_KEY": "",
        "OPENAI_BASE_URL": "",
    }
    async with systems.system(tmp_path / "traces", env) as running:
        with httpx.Client(
            base_url=running.env["MARKETPLACE_URL"], headers={"Authorization": f"Bearer {KEY}"}, timeout=60
        ) as client:
            spans = stall_and_heal(running, client, collected, hook)

    root = request_of(spans, UPLOAD)
    (opened,) = about(hook, "opened")
    (resolved,) = about(hook, "resolved")
    assert opened["kind"] == "plans-stalled"
    assert opened["trace"] == resolved["trace"] == TRACES.replace("{trace}", root.trace_id)
    sent = [s for s in spans if s.kind == "PRODUCER" and s.attributes.get(t.EVENT_TYPE) in HEALED]
    assert {s.attributes[t.EVENT_TYPE] for s in sent} == HEALED
    assert {s.trace_id for s in sent} == {root.trace_id}
    told = [s for s in spans if s.name == "tell webhook"]
    assert len(told) == 2
    for span in told:
        assert (span.service, span.kind, span.failed) == ("marketplace-alerts", "CLIENT", False)
        assert span.links == ((root.trace_id, root.span_id),)
        assert span.trace_id != root.trace_id, "a message can be about many plans"


def stall_and_heal(running: Stack, client: httpx.Client, collected: Receiver, hook: HttpReceiver) -> list[Span]:
    """Have a plan stall until somebody was told of it, and then heal; return all spans."""
    plan_id = upload(client, SALES.read_bytes(), "stalls")
    until_ready(client, plan_id)
    flag(client, enabled=False)
    running.pause("worker")
    eventually(lambda: gone(client), within_s=60, say=lambda: None)
    approved = client.patch(f"/api/marketplace/analysis/{plan_id}", json={"action": "approve"})
    assert approved.status_code == 202, approved.text
    eventually(lambda: bool(about(hook, "opened")), within_s=60, say=lambda: hook.got)
    flag(client, enabled=True)
    eventually(lambda: bool(read(client, plan_id).get("tasks")), within_s=60, say=lambda: read(client, plan_id))
    eventually(lambda: bool(about(hook, "resolved")), within_s=60, say=lambda: hook.got)

    def complete(spans: list[Span]) -> bool:
        sent = {s.attributes.get(t.EVENT_TYPE) for s in spans if s.kind == "PRODUCER"}
        return sent >= HEALED and [s.name for s in spans].count("tell webhook") == 2

    return collected.wait_for(complete)


def flag(client: httpx.Client, *, enabled: bool) -> None:
    body = {"name": "automatic_recovery", "enabled": enabled, "reason": "a test"}
    answer = client.patch("/api/system/flags", json=body)
    assert answer.status_code in (200, 202), answer.text


def gone(client: httpx.Client) -> bool:
    processes = client.get("/api/system/health").json()["processes"]
    return not any(one["role"] == "worker" and one["connected"] for one in processes)
