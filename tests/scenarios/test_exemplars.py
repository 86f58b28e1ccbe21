"""From a bucket to its trace: a real Prometheus keeps the exemplars of a running system, and is asked for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.integration.test_traces_told import KEY, ROUTES, stall_and_heal
from tests.integration.traced import SALES, UPLOAD, request_of, upload
from tests.support.otlp import Receiver, receiver
from tests.support.patience import until
from tests.support.prometheus import scraping
from tests.support.receivers import HttpReceiver, http_receiver
from tests.support.systems import Systems

#: What the worker measures. It is stopped a moment after it has seen the plan, so it is asked about another one.
OF_THE_WORKER = "marketplace_queue_delay_seconds"
#: What is measured of the plan itself, in its own trace.
OF_THE_PLAN = (
    "marketplace_http_request_seconds",
    "marketplace_analysis_seconds",
    "marketplace_detection_seconds",
    "marketplace_recovery_seconds",
)


@pytest.fixture
def collected() -> Iterator[Receiver]:
    with receiver() as receiving:
        yield receiving


@pytest.fixture
def hook() -> Iterator[HttpReceiver]:
    with http_receiver() as made:
        yield made


async def test_the_buckets_lead_to_the_trace_of_the_plan(
    systems: Systems, tmp_path: Path, collected: Receiver, hook: HttpReceiver
) -> None:
    (tmp_path / "routes.toml").write_text(ROUTES)
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collected.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "MARKETPLACE_ALERT_WEBHOOK_URL": hook.url,
        "MARKETPLACE_ALERT_ROUTES": str(tmp_path / "routes.toml"),
        "OPENAI_API_KEY": "",
        "OPENAI_BASE_URL": "",
    }
    async with systems.system(tmp_path / "traces", env) as running, scraping(running, KEY, tmp_path) as prometheus:
        with httpx.Client(
            base_url=running.env["MARKETPLACE_URL"], headers={"Authorization": f"Bearer {KEY}"}, timeout=60
        ) as client:
            spans = await asyncio.to_thread(stall_and_heal, running, client, collected, hook)
            running.resume("worker")
            await asyncio.to_thread(upload, client, SALES.read_bytes() + b"\n", "beside")
        plan = request_of(spans, UPLOAD).trace_id
        recorded = {span.trace_id for span in spans}
        for metric in OF_THE_PLAN:

            async def leads(metric: str = metric) -> bool:
                return plan in await prometheus.exemplars(metric)

            await until(leads, say=partial(str, metric))

        async def leads_to_a_trace() -> bool:
            found = await prometheus.exemplars(OF_THE_WORKER)
            return bool(found & {span.trace_id for span in collected.wait_for(bool)})

        await until(leads_to_a_trace, say=lambda: OF_THE_WORKER)
        assert await prometheus.exemplars("marketplace_http_request_seconds") & recorded > {plan}
