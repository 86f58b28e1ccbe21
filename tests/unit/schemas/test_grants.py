"""What each process may do in the database follows from what its package, and the functions that it calls, do there."""

from __future__ import annotations

import pytest

from local.blueprint import MODULES
from projections.migrate import main
from schemas.database.grants import PROCESSES, rights, role_of, statements


def test_a_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--grants"]) == 0

    assert capsys.readouterr().out.splitlines() == list(statements())


def test_every_process_that_stays_has_a_user() -> None:
    staying = {module.name for module in MODULES if not module.once} - {"registry"}

    assert {process for processes in PROCESSES.values() for process in processes} == staying


def test_what_a_package_writes_by_functions_alone_is_granted_table_by_table() -> None:
    gateway = rights("gateway")

    assert "rm" in gateway.read
    assert "rm" not in gateway.written
    assert "rm.plan" not in gateway.written_tables
    assert {table.partition(".")[0] for table in gateway.written_tables} == {"rm"}


def test_keys_are_the_gateways_alone() -> None:
    assert "access" in rights("gateway").written
    assert rights("projections").schemas & {"access"} == set()
    assert {table for table in rights("streams").read_tables if table.startswith("access.")} == {"access.person"}


@pytest.mark.parametrize("package", PROCESSES)
def test_nobody_may_change_tables_or_see_what_was_applied(package: str) -> None:
    granted = [line for line in statements() if role_of(package) in line and line.startswith("grant")]

    assert granted
    assert not any(word in line for line in granted for word in (" all privileges", "create", "truncate", "public"))
