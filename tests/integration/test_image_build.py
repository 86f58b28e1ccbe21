"""The image as far as it can be had without an engine: its steps done in an empty folder, and what runs of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.process.version import build
from tests.support.dockerfile import ROOT, Stage, built

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
MODULES = sorted(
    service["command"][2]
    for service in SERVICES.values()
    if service["image"].startswith("marketplace-resilience:") and service["command"][:2] == ["python", "-m"]
)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return built(tmp_path_factory.mktemp("image"), MARKETPLACE_COMMIT="0123456789abcdef0123456789abcdef01234567")


def test_it_has_the_command_of_its_version_and_commit(image: Stage) -> None:
    done = image.run("marketplace --version")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"marketplace {build().version}+0123456789ab (Python ")


def test_it_has_all_that_each_process_imports(image: Stage) -> None:
    script = "import importlib.util, runpy, sys\nfor m in sys.argv[1:]: importlib.import_module(m); print(m)"
    modules = [m if importable(m) else f"{m}.__main__" for m in MODULES]
    done = image.run(f"python -c '{script}' {' '.join(modules)}")
    assert done.stdout.split() == modules, done.stderr
    assert len(modules) == 7


def importable(module: str) -> bool:
    """Say whether `python -m` runs the module itself, and no `__main__` in it."""
    return (ROOT / module.replace(".", "/")).with_suffix(".py").exists()


def test_its_code_is_the_wheels_alone(image: Stage) -> None:
    done = image.run("python -c 'import schemas, gateway; print(schemas.__file__, gateway.__file__)'")
    assert all("site-packages" in path for path in done.stdout.split()), done.stderr
    assert {file.name for file in Path(image.work).rglob("*") if file.is_file()} == {
        "healthy.py",
        "passwords.sh",
        "setup.sh",
    }
    assert image.run("python -c 'import local'").returncode == 1
    assert "no local system" in image.run("marketplace up").stderr


def test_its_health_check_runs(image: Stage) -> None:
    done = image.run("python deploy/healthy.py")
    usage = "usage: healthy.py group|database|sign ROLE, or healthy.py http PATH\n"
    assert (done.returncode, done.stderr) == (64, usage)
