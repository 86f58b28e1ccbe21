"""A real Prometheus reads a running system by the files of `deploy`; a process ends, and Alertmanager tells of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from deploy.grafana.make_dashboards import DASHBOARDS
from local.blueprint import MEASURED
from local.load import Load
from local.stack import Stack, pause
from schemas.metrics import METRICS
from tests.support.patience import PATIENCE_S, until
from tests.support.prometheus import Scraping, alertmanager, scraping
from tests.support.receivers import HttpReceiver, SmtpReceiver, http_receiver, smtp_receiver

#: What only a fault makes, or an agent: these stay without a sample in a system that is well and has none.
NOT_HERE = {
    "marketplace_agent_patience_seconds",
    "gen_ai_client_operation_duration_seconds",
    "gen_ai_client_token_usage",
    "marketplace_failed_channels",
    "marketplace_unreadable",
    "marketplace_redelivered",
    "marketplace_retried",
    "marketplace_redelivery_late_seconds",
    "marketplace_redelivered_overdue",
    "marketplace_detection_seconds",
    "marketplace_recovery_seconds",
    "marketplace_notices",
}


@dataclass(frozen=True)
class Told:
    """Alertmanager, and what arrives where it sends to."""

    url: str
    slack: HttpReceiver
    pagerduty: HttpReceiver
    mail: SmtpReceiver


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    folder = tmp_path / "alertmanager"
    folder.mkdir()
    with http_receiver() as slack, http_receiver() as pagerduty, smtp_receiver() as mail:
        pagerduty.answers = [(202, '{"status": "success"}')]
        async with alertmanager(folder, slack=slack.url, pagerduty=pagerduty.url, smtp_port=mail.port) as url:
            yield Told(url, slack, pagerduty, mail)


@pytest.fixture
async def prometheus(stack: Stack, key: str, told: Told, tmp_path: Path) -> AsyncIterator[Scraping]:
    async with scraping(stack, key, tmp_path, told.url) as reading:
        yield reading


async def test_every_process_is_read_and_one_that_ends_is_told(
    prometheus: Scraping, stack: Stack, told: Told, key: str
) -> None:
    async with Load(stack.env, key) as load:
        plans = await load.upload(3)
        await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S)
        await load.approve(plans)
        await load.wait_for_tasks(plans, within_s=PATIENCE_S)

    async def all_up() -> bool:
        found = await prometheus.ask('up{job=~"gateway|processes"} == 1')
        return len(found) == 1 + len(MEASURED)

    await until(all_up)
    built = {one["metric"]["process"] for one in await prometheus.ask("marketplace_build_info")}
    assert built == {"gateway", *MEASURED}

    async def approved() -> bool:
        found = await prometheus.ask('marketplace_queue_delay_seconds_count{type="plan.approved"}')
        return [one["value"][1] for one in found] == ["3"]

    await until(approved)
    for metric in METRICS:
        asked = f"{metric.name}_count" if metric.kind == "histogram" else metric.shown
        found = await prometheus.ask(asked)
        assert found or metric.name in NOT_HERE, metric.name
    assert (await prometheus.ask("marketplace_phase1_seconds_count"))[0]["value"][1] == "3"
    for panel in (panel for dashboard in DASHBOARDS for panel in dashboard.panels):
        for expression in panel.asked.values():
            await until(partial(prometheus.ask, expression))  # a rate needs two scrapes
    assert "ProcessSilent" not in await prometheus.firing()

    pause(stack.data_dir, "pump")

    async def silent() -> bool:
        return "ProcessSilent" in await prometheus.firing()

    await until(silent)
    (gone,) = await prometheus.ask('up{job="processes"} == 0')
    assert gone["metric"]["process"] == "pump"

    def read() -> list[str]:
        said = [one.json["attachments"][0]["text"] for one in told.slack.got]
        return [text for text in said if gone["metric"]["instance"] in text]

    assert "does not answer" in (await until(read, within_s=PATIENCE_S))[0]
    calls = [one.json["payload"].get("class") for one in told.pagerduty.got]
    assert "process-silent" not in calls, "as in the verdict it is a warning: that a role is missing calls somebody"
