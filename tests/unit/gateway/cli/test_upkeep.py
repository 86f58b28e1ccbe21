"""`marketplace verify`, `rebuild`, `backup`, `backup-key`, `restore`: what they run, and where they find the system."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[list[str], dict[str, str]]]:
    """Collects each command that was run, with its environment."""
    runs: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        runs.append((command[1:], options["env"]))
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("MARKETPLACE_DATA", str(tmp_path))
    for name in ("MARKETPLACE_DATABASE_URL", "MARKETPLACE_BROKERS", "MARKETPLACE_REGISTRY_URL"):
        monkeypatch.delenv(name, raising=False)
    return runs


@pytest.fixture
def run() -> Callable[..., Any]:
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_the_local_system_is_found_by_itself(ran: Any, run: Callable[..., Any], tmp_path: Path) -> None:
    here = {"MARKETPLACE_DATABASE_URL": "postgresql://here", "MARKETPLACE_BROKERS": "here:9092"}
    (tmp_path / "state.json").write_text(json.dumps({"env": here}))

    assert run("rebuild", "--check").exit_code == 1  # that of the process itself
    assert run("verify", "--json").exit_code == 1

    assert [command for command, _ in ran] == [
        ["-m", "projections.rebuild", "--check"],
        ["-m", "projections.verify", "--json"],
    ]
    assert all(env.items() >= here.items() for _, env in ran)


def test_the_environment_is_believed_first(
    ran: Any, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state.json").write_text(json.dumps({"env": {"MARKETPLACE_DATABASE_URL": "postgresql://here"}}))
    monkeypatch.setenv("MARKETPLACE_DATABASE_URL", "postgresql://there")

    run("rebuild")

    ((_, env),) = ran
    assert env["MARKETPLACE_DATABASE_URL"] == "postgresql://there"


@pytest.mark.parametrize("command", ["verify", "rebuild"])
def test_without_a_database_nothing_is_run(ran: Any, run: Callable[..., Any], command: str) -> None:
    done = run(command)

    assert done.exit_code == 3
    assert "MARKETPLACE_DATABASE_URL" in done.stderr
    assert ran == []


def test_options_that_exclude_each_other_are_refused(ran: Any, run: Callable[..., Any]) -> None:
    assert run("rebuild", "--check", "--accept").exit_code == 2
    assert run("rebuild", "--back", "--drop").exit_code == 2
    assert ran == []


def test_a_backup_is_made_read_and_restored(
    ran: Any, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("restore", str(tmp_path), "--check").exit_code == 1  # asks no server
    assert run("restore", str(tmp_path)).exit_code == 3
    assert run("backup", str(tmp_path / "new")).exit_code == 3
    monkeypatch.setenv("MARKETPLACE_DATABASE_URL", "postgresql://there")
    monkeypatch.chdir(tmp_path)
    run("backup", "new", "--json")
    run("restore", ".")
    run("backup-key", "backup.key")
    assert run("restore", "nowhere").exit_code == 2

    assert [command for command, _ in ran] == [
        ["-m", "streams.backup", "check", str(tmp_path)],
        ["-m", "streams.backup", "make", str(tmp_path / "new"), "--json"],
        ["-m", "streams.backup", "restore", str(tmp_path)],
        ["-m", "streams.backup", "key", str(tmp_path / "backup.key")],
    ]
