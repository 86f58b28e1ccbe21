"""Prometheus, promtool, Alertmanager and amtool as Debian packages them, for tests."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
import yaml

from gateway.services.measured import MEASURED
from local.ports import free_port
from local.stack import Stack
from schemas.metrics import METRICS
from tests.support.patience import PATIENCE_S

ROOT: Final = Path(__file__).parents[2]
DEPLOYED: Final = ROOT / "deploy" / "prometheus"
ALERTMANAGER: Final = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
RULES: Final = tuple(sorted(DEPLOYED.glob("rules/*.yml")))
#: The labels of a metric, by each name that it is asked for by.
LABELS: Final = {
    f"{metric.name}{part}": set(metric.labels)
    for metric in (*METRICS, *MEASURED)
    for part in ("", "_total", "_bucket", "_sum", "_count")
}
#: What Prometheus gives each series by where it read it, and the bound of a bucket.
OF_SERIES: Final = {"job", "instance", "process", "le"}


@cache
def programs() -> Path:
    """Return the folder that has the programs; the first time on a machine they are fetched."""
    found = subprocess.run([ROOT / ".ci" / "prometheus"], stdout=subprocess.PIPE, text=True, check=True)
    return Path(found.stdout.strip())


def ask(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Return what a program says, whether or not it is content."""
    return subprocess.run([programs() / program, *arguments], capture_output=True, text=True, check=False)


def accepted(program: str, *arguments: str | Path) -> str:
    """Return what a program says that has to be content."""
    done = ask(program, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@cache
def read_yaml(path: Path) -> dict[str, Any]:
    """Return what a file of YAML says, to be read only; by libyaml, which takes a tenth of the time."""
    said: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    return said


def rules() -> Iterator[dict[str, Any]]:
    """Return every rule that is deployed."""
    for path in RULES:
        for group in read_yaml(path)["groups"]:
            yield from group["rules"]


async def ready(url: str, within_s: float = PATIENCE_S) -> None:
    """Wait until a server of them is ready."""
    deadline = time.monotonic() + within_s
    async with httpx.AsyncClient() as client:
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(f"{url}/-/ready")).status_code == 200:
                    return
            assert time.monotonic() < deadline, f"{url} is not ready"
            await asyncio.sleep(0.1)


@asynccontextmanager
async def serving(program: str, *arguments: str) -> AsyncIterator[str]:
    """Run a server of them until the end of the block; give its address."""
    port = free_port()
    running = await asyncio.create_subprocess_exec(
        programs() / program,
        *arguments,
        f"--web.listen-address=127.0.0.1:{port}",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):  # it did not start
            running.terminate()
        await running.wait()


@asynccontextmanager
async def alertmanager(folder: Path, *, slack: str, pagerduty: str, smtp_port: int) -> AsyncIterator[str]:
    """Run Alertmanager by the deployed file: with receivers on this machine, and without its patience."""
    config = yaml.safe_load(ALERTMANAGER.read_text("utf-8"))
    for name, text in (("slack", slack), ("pagerduty", "a-key")):
        (folder / name).write_text(text, "utf-8")
    config["global"] |= {
        "slack_api_url_file": str(folder / "slack"),
        "pagerduty_url": pagerduty,
        "smtp_smarthost": f"127.0.0.1:{smtp_port}",
    }
    config["route"] |= {"group_wait": "500ms", "group_interval": "1s"}
    for receiver in config["receivers"]:
        for one in receiver.get("pagerduty_configs", ()):
            one["routing_key_file"] = str(folder / "pagerduty")
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(config), "utf-8")
    async with serving(
        "prometheus-alertmanager",
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'alertmanager'}",
        "--cluster.listen-address=",
    ) as url:
        yield url


class Scraping:
    """A Prometheus that reads one system every second."""

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=PATIENCE_S)

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, expression: str) -> list[dict[str, Any]]:
        answer = await self._client.get("/api/v1/query", params={"query": expression})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found

    async def exemplars(self, metric: str) -> set[str]:
        """Return the ids of traces that the buckets of a histogram lead to."""
        now = time.time()
        asked: dict[str, str | float] = {"query": f"{metric}_bucket", "start": now - 3600, "end": now + 60}
        answer = await self._client.get("/api/v1/query_exemplars", params=asked)
        assert answer.status_code == 200, answer.text
        found = answer.json()["data"]
        return {one["labels"]["trace_id"] for series in found for one in series["exemplars"]}

    async def firing(self) -> set[str]:
        answer = await self._client.get("/api/v1/alerts")
        return {a["labels"]["alertname"] for a in answer.json()["data"]["alerts"] if a["state"] == "firing"}


@asynccontextmanager
async def scraping(stack: Stack, key: str, folder: Path, alertmanager_url: str = "") -> AsyncIterator[Scraping]:
    """Run Prometheus by the deployed file, with this machine's addresses and every second instead of every 15."""
    config = yaml.safe_load((DEPLOYED / "prometheus.yml").read_text("utf-8"))
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(path) for path in RULES]
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    (folder / "key").write_text(key)
    jobs["gateway"]["authorization"]["credentials_file"] = str(folder / "key")
    jobs["gateway"]["static_configs"] = [{"targets": [stack.env["MARKETPLACE_URL"].removeprefix("http://")]}]
    jobs["processes"]["file_sd_configs"] = [{"files": [str(stack.data_dir / "metrics-targets.json")]}]
    del jobs["processes"]["static_configs"]
    config["scrape_configs"] = [jobs["gateway"], jobs["processes"]]
    if alertmanager_url:
        address = alertmanager_url.removeprefix("http://")
        config["alerting"]["alertmanagers"][0]["static_configs"] = [{"targets": [address]}]
    else:
        del config["alerting"]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    features = [word for word in _command("prometheus") if word.startswith("--enable-feature")]
    async with serving(
        "prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'tsdb'}", *features
    ) as url:
        made = Scraping(url)
        try:
            yield made
        finally:
            await made.close()


def _command(service: str) -> list[str]:
    """Return the command line of a service as it is deployed with Compose."""
    command: list[str] = read_yaml(ROOT / "docker-compose.yml")["services"][service]["command"]
    return command
