"""`marketplace acls` and `marketplace check cluster`: what they print and run."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from schemas.rights import PROCESSES, rights_of


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_the_rights_of_a_process_are_commands_of_rpk() -> None:
    done = run("acls", "projections", "--user", "mp-{process}")
    of = "rpk security acl create --allow-principal User:mp-projections --operation"

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "# projections",
        f"{of} write --topic projections.dlq",
        f"{of} idempotent_write --cluster",
        f"{of} read --topic plan.events,task.events,goods.events,system.events,agents.dlq,projections.dlq",
        f"{of} read --group projections-rm",
    ]


def test_the_same_for_kafkas_own_tool() -> None:
    done = run("acls", "pump", "--for", "kafka")
    of = (
        'kafka-acls.sh --bootstrap-server "$MARKETPLACE_BROKERS" --command-config admin.properties --add'
        " --allow-principal User:marketplace-pump --operation "
    )

    assert done.stdout.splitlines()[2:] == [
        f"{of}IdempotentWrite --cluster",
        f"{of}Read --topic agents.retry.1s --topic agents.retry.5s --topic agents.retry.30s",
        f"{of}Read --group retry-pump",
    ]


def test_a_name_is_quoted_for_a_shell() -> None:
    assert "'User:a b'" in run("acls", "pump", "--user", "a b").stdout


def test_all_processes_as_json() -> None:
    found = json.loads(run("acls", "--json").stdout)["acls"]

    assert len(found) == sum(len(rights_of(process)) for process in PROCESSES)
    assert found[0] == {
        "process": "gateway",
        "principal": "User:marketplace-gateway",
        "kind": "topic",
        "name": "plan.events",
        "operation": "Write",
    }


@pytest.mark.parametrize("command", [("acls",), ("check", "cluster")])
def test_a_process_that_speaks_to_no_broker_is_refused(command: tuple[str, ...]) -> None:
    done = run(*command, "alerts")
    assert done.exit_code == 2
    assert "alerts" in done.stderr


def test_the_check_runs_with_the_processes_that_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ran: list[list[str]] = []

    def ran_(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        ran.append(command[1:])
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", ran_)
    monkeypatch.setenv("MARKETPLACE_DATA", str(tmp_path_factory.mktemp("none")))
    monkeypatch.delenv("MARKETPLACE_BROKERS", raising=False)
    assert run("check", "cluster").exit_code == 3
    assert ran == []

    monkeypatch.setenv("MARKETPLACE_BROKERS", "there:9092")
    assert run("check", "cluster", "worker", "--json").exit_code == 3
    assert ran == [["-m", "streams.cluster", "worker", "--json"]]
