"""One version: what pyproject.toml states, in a checkout and in what is installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from schemas.process import telemetry, version
from schemas.process.version import COMMIT_VARIABLE, DISTRIBUTION, Build, VersionUnknown, build

ROOT = Path(__file__).parents[4]
STATED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.fixture(autouse=True)
def no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(COMMIT_VARIABLE, raising=False)


def test_a_checkout_is_what_its_project_file_states() -> None:
    assert build() == Build(STATED, "")
    assert re.fullmatch(r"\d+\.\d+\.\d+", STATED)


def test_a_checkout_goes_before_what_is_installed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "marketplace-resilience"\nversion = "7.8.9"\n', "utf-8")
    assert version._version(tmp_path) == "7.8.9"


@pytest.mark.parametrize("other", ['[project]\nname = "left-pad"\nversion = "9.9.9"\n', "[tool.black]\n"])
def test_a_project_file_of_somebody_else_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """What is installed is asked then: here it is older than the checkout, as after a pull without `make setup`."""
    monkeypatch.setattr(version, "version", {DISTRIBUTION: "0.0.1"}.__getitem__)
    (tmp_path / "pyproject.toml").write_text(other, "utf-8")
    assert version._version(tmp_path) == "0.0.1"


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "DISTRIBUTION", "marketplace-that-nobody-installed")
    with pytest.raises(VersionUnknown, match=r"make\s+setup"):
        version._version(tmp_path)


def test_the_commit_is_told_where_somebody_said_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMMIT_VARIABLE, "0123456789abcdef0123456789abcdef01234567\n")
    assert str(build()) == f"{STATED}+0123456789ab"
    monkeypatch.setenv(COMMIT_VARIABLE, " ")
    assert str(build()) == STATED


@pytest.mark.parametrize("built", [Build("0.1.0"), Build("0.1.0", "0123456789ab")])
def test_a_row_tells_it_there_and_back(built: Build) -> None:
    assert Build.parse(str(built)) == built


def test_spans_tell_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert telemetry._resource("worker") == {"service.name": "marketplace-worker", "service.version": STATED}
    monkeypatch.setenv(COMMIT_VARIABLE, "0123456789ab")
    assert telemetry._resource("worker")["vcs.ref.head.revision"] == "0123456789ab"
