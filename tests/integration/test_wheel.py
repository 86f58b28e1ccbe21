"""What `make dist` builds: complete, no larger than it has to be, and it runs where nothing of a checkout is."""

from __future__ import annotations

import json
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.kafka_jars import folder as jars_folder
from local.ports import free_port
from schemas.catalogue import versions
from schemas.process.version import build
from schemas.topics import declared
from tests.support.installed import ROOT, UV, Installed, install
from tests.support.patience import PATIENCE_S, eventually

PACKAGES = ("schemas", "streams", "projections", "gateway", "local")
#: The tests read golden events and people read notes (*.md); no process does.
LEFT_OUT = ("schemas/examples/",)
RUNBOOKS = ROOT / "docs" / "runbooks"
KEY = "mrs_wheel_" + "k" * 43
SALES = b"SKU,Data,Unidades,Total\nA,2026-05-04,2,10.50\n"
#: What is read when a process of the streams starts.
DECLARED = """
import schemas
from schemas.catalogue import versions
from schemas.topics import declared
print(len(versions()), len(declared()), schemas.__file__)
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `make dist`."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([ROOT / ".ci" / "dist", folder], check=True, capture_output=True, timeout=PATIENCE_S)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def sdist(dist: Path) -> Path:
    (found,) = dist.glob("*.tar.gz")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(tmp_path_factory.mktemp("installed") / "env", wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def tree() -> set[str]:
    """Return the files of the packages."""
    files = {
        file.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for file in (ROOT / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    return {name for name in files if not name.startswith(LEFT_OUT) and not name.endswith(".md")}


def test_the_wheel_has_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    names = {name for name in contents(wheel) if ".dist-info/" not in name}
    carried = {name for name in names if ".data/" in name}
    assert names - carried == tree()
    assert {Path(name).name for name in carried} == {file.name for file in RUNBOOKS.glob("*.md")}
    assert {Path(name).suffix for name in names} >= {".py", ".sql", ".avsc", ".toml", ".html", ".css", ".js", ".po"}


def test_the_runbooks_are_pages_where_no_checkout_is(installed: Installed) -> None:
    told = installed.run(
        "python",
        "-c",
        "from gateway.ui.runbooks import runbooks as r; print(*r('pt_BR'), {o.language for o in r('pt_BR').values()})",
    )
    *named, languages = told.split()
    assert set(named) == {file.stem for file in RUNBOOKS.glob("*.md")}
    assert languages == "{'pt_BR'}"


def test_both_are_of_the_one_version(wheel: Path, sdist: Path) -> None:
    stem = f"marketplace_resilience-{build().version}"
    assert (wheel.name, sdist.name) == (f"{stem}-py3-none-any.whl", f"{stem}.tar.gz")


def test_the_sdist_builds_the_same_wheel_again(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as opened:
        opened.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    command: list[str | Path] = [
        UV,
        "build",
        "--quiet",
        "--wheel",
        "--offline",
        "--no-build-isolation",
        "--out-dir",
        tmp_path,
        source,
    ]
    subprocess.run(command, check=True, timeout=PATIENCE_S)
    assert contents(tmp_path / wheel.name) == contents(wheel)


def test_the_command_tells_its_version(installed: Installed) -> None:
    assert installed.run("marketplace", "--version").startswith(f"marketplace {build().version} (Python ")
    told = installed.run("marketplace", "--version", MARKETPLACE_COMMIT="0123456789abcdef")
    assert told.startswith(f"marketplace {build().version}+0123456789ab ")


def test_events_and_topics_are_declared_in_it(installed: Installed) -> None:
    events, topics, where = installed.run("python", "-c", DECLARED).split()
    assert (int(events), int(topics)) == (len(versions()), len(declared()))
    assert Path(where).is_relative_to(installed.site)


@contextmanager
def gateway(installed: Installed, database_url: str, log: Path) -> Iterator[str]:
    """Run the installed gateway; give its address."""
    port = str(free_port())
    options = installed.options(
        MARKETPLACE_DATABASE_URL=database_url, MARKETPLACE_PORT=port, MARKETPLACE_BOOTSTRAP_KEY=KEY
    )
    url = f"http://127.0.0.1:{port}"
    with (
        log.open("wb") as out,
        subprocess.Popen([installed.bin / "python", "-m", "gateway"], stdout=out, stderr=out, **options) as process,
    ):
        try:
            eventually(lambda: serves(url), say=lambda: log.read_text("utf-8"))
            yield url
        finally:
            process.terminate()


def serves(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=PATIENCE_S).status_code == 200
    except httpx.TransportError:
        return False


async def test_it_serves_a_database_that_it_has_made(installed: Installed, new_database: Any, tmp_path: Path) -> None:
    database_url = await new_database()
    assert "applied " in installed.run("python", "-m", "projections.migrate", MARKETPLACE_DATABASE_URL=database_url)
    with (
        gateway(installed, database_url, tmp_path / "log") as url,
        httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S) as client,
    ):
        assert client.get("/health/live").json()["version"] == build().version
        page = client.get("/system", headers={"accept-language": "pt-BR"})
        assert "Este gateway é da versão" in page.text
        assert client.get("/static/app.js").status_code == 200
        document = {"file": ("a.csv", SALES, "text/csv")}
        sent = client.post("/api/marketplace/analysis/upload", files=document, data={"channels": "shopee"})
        assert sent.status_code == 202, sent.text  # a process of its own has read it
        told = installed.run("marketplace", "plans", "--json", MARKETPLACE_URL=url, MARKETPLACE_API_KEY=KEY)
        assert '"items"' in told


def test_with_the_extra_local_the_whole_system_runs_from_it(installed: Installed, tmp_path: Path) -> None:
    """Of its packages, those of the extra are in the environment, too; the broker's jars are those that others use."""
    env = {
        "MARKETPLACE_DATA": str(tmp_path / "data"),
        "MARKETPLACE_PORT": str(free_port()),
        "XDG_CACHE_HOME": str(jars_folder().parents[1]),
    }
    sales = tmp_path / "a.csv"
    sales.write_bytes(SALES)
    try:
        installed.run("marketplace", "up", **env)
        told = json.loads(installed.run("marketplace", "upload", str(sales), "-c", "shopee", "--wait", "--json", **env))
        system = json.loads(installed.run("marketplace", "status", "--json", **env))
    finally:
        installed.run("marketplace", "down", **env)
    assert [one["status"] for one in told["results"]] == ["awaiting_approval"]
    assert {one["status"] for one in system["processes"].values()} == {"ready", "done"}
