"""What watches the system in docker-compose.yml asks services that are there, by names that the gateway takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from gateway.http.hosts import AllowedHosts
from gateway.settings import Settings as GatewaySettings
from tests.contract.test_compose import ROOT, SERVICES


def test_prometheus_asks_whoever_is_there() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text("utf-8"))
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    targets = {
        target.split(":")[0]
        for asked in (*jobs.values(), *config["alerting"]["alertmanagers"])
        for one in asked["static_configs"]
        for target in one["targets"]
    }
    assert "alertmanager" in targets
    assert targets - {"localhost"} <= set(SERVICES)
    key = Path(jobs["gateway"]["authorization"]["credentials_file"])
    mounts = dict(volume.split(":")[:2] for volume in SERVICES["prometheus"]["volumes"])
    assert mounts["metrics-key"] == str(key.parent)
    assert f'key "$keys/{key.relative_to("/keys")}" 644 prometheus viewer' in (ROOT / "deploy" / "setup.sh").read_text(
        "utf-8"
    )


def test_alertmanager_reads_the_files_that_are_there() -> None:
    service = SERVICES["alertmanager"]
    mounts = dict(volume.split(":")[:2] for volume in service["volumes"])
    [given] = [word.partition("=")[2] for word in service["command"] if word.startswith("--config.file=")]
    assert mounts["./deploy/alertmanager"] == str(Path(given).parent)
    text = (ROOT / "deploy" / "alertmanager" / Path(given).name).read_text("utf-8")
    secrets = set(re.findall(r"_file: (\S+)", text))
    assert {str(Path(secret).parent) for secret in secrets} == {f"{Path(given).parent}/secrets"}
    ignored = (ROOT / "deploy" / "alertmanager" / "secrets" / ".gitignore").read_text("utf-8")
    assert all(Path(secret).name in ignored for secret in secrets), "each is told, and none is committed"
    assert "\n*\n!.gitignore\n" in ignored


def test_grafana_asks_whoever_is_there() -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning" / "datasources"
    config = yaml.safe_load((folder / "datasources.yml").read_text("utf-8"))
    hosts = {source["url"].split("//")[1].split(":")[0] for source in config["datasources"]}
    assert hosts == {"prometheus", "jaeger"}


def test_the_console_asks_whoever_is_there() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "redpanda" / "console.yml").read_text("utf-8"))
    addresses = [
        *config["kafka"]["brokers"],
        *config["schemaRegistry"]["urls"],
        *config["redpanda"]["adminApi"]["urls"],
    ]
    assert all("redpanda:" in address for address in addresses)


async def asked_as(host: str, allowed: str) -> int:
    """The status that a gateway with this setting answers a scrape of such a Host with."""

    async def found(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    settings = GatewaySettings.from_env({"MARKETPLACE_DATABASE_URL": "x", "MARKETPLACE_ALLOWED_HOSTS": allowed})
    door = AllowedHosts(found, settings.allowed_hosts)
    statuses = []

    async def receive() -> Any:
        raise AssertionError("a scrape has no body")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "path": "/metrics", "headers": [(b"host", host.encode())], "state": {"request_id": "r"}}
    await door(scope, receive, send)
    return int(statuses[0])


async def test_whatever_names_are_allowed_prometheus_and_this_machine_may_ask() -> None:
    written = SERVICES["gateway"]["environment"]["MARKETPLACE_ALLOWED_HOSTS"]
    given = re.fullmatch(r"\$\{MARKETPLACE_ALLOWED_HOSTS:\+(.*)\$\{MARKETPLACE_ALLOWED_HOSTS\}\}", written)
    assert given is not None
    scrapes = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    (targets,) = [one["static_configs"][0]["targets"] for one in scrapes if one["job_name"] == "gateway"]
    allowed = f"{given[1]}plans.example.com"
    for host in (*targets, "127.0.0.1:8080", "localhost:8080", "plans.example.com"):
        assert await asked_as(host, allowed) == 200, host
        assert await asked_as(host, "") == 200, "without names all may ask"
    assert await asked_as("evil.example.com", allowed) == 400
    assert await asked_as(targets[0], "plans.example.com") == 400, "as it would be without the names of Compose"
