"""A real Alertmanager with the deployed file sends one message for a finding, to the right receivers in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from tests.support.patience import PATIENCE_S, until
from tests.support.prometheus import alertmanager
from tests.support.receivers import http_receiver, smtp_receiver

SAID = {"summary": "It is so.", "runbook": "docs/runbooks/alerts.md"}


def alert(finding: str, severity: str, scope: str = "system", **more: str) -> dict[str, Any]:
    labels = {"alertname": "SomethingIsWrong", "finding": finding, "severity": severity, "scope": scope, **more}
    return {"labels": labels, "annotations": SAID | {"summary": f"{finding} {more.get('instance', '')}"}}


async def test_who_is_told_what(tmp_path: Path) -> None:
    with http_receiver() as slack, http_receiver() as pagerduty, smtp_receiver() as mail:
        pagerduty.answers = [(202, '{"status": "success"}')]
        async with (
            alertmanager(tmp_path, slack=slack.url, pagerduty=pagerduty.url, smtp_port=mail.port) as url,
            httpx.AsyncClient(base_url=url) as client,
        ):
            silent = [alert("process-silent", "critical", instance=name) for name in ("worker", "runner")]
            sent = [
                *silent,
                alert("process-silent", "warning", instance="watchdog"),
                alert("tasks-failed", "warning", "business"),
                alert("retries-waiting", "info"),
            ]
            (await client.post("/api/v2/alerts", json=sent)).raise_for_status()

            await until(lambda: pagerduty.got and slack.got and mail.got, within_s=PATIENCE_S)
            (await client.post("/api/v2/alerts", json=[alert("outbox-backlog", "warning")])).raise_for_status()
            await until(lambda: len(slack.got) == 2, within_s=PATIENCE_S)  # by then all that came before has been told

            [incident] = [one.json for one in pagerduty.got]
            assert (incident["payload"]["class"], incident["payload"]["custom_details"]["alerts"]) == (
                "process-silent",
                "2",
            )
            texts = [one.json["attachments"][0]["text"] for one in slack.got]
            assert texts[0].split("\n")[:2] == ["process-silent runner", "process-silent worker"]
            assert "outbox-backlog" in texts[1]
            assert [message["Subject"].strip() for message in mail.got] == ["retries-waiting"]

            kept = (await client.get("/api/v2/alerts")).raise_for_status().json()
            inhibited = {
                (one["labels"]["finding"], one["labels"].get("instance", ""))
                for one in kept
                if one["status"]["inhibitedBy"]
            }
            assert inhibited == {("process-silent", "watchdog"), ("tasks-failed", "")}
