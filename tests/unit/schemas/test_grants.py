"""What each process may do in the database follows from what its modules, and functions that they call, do there."""

from __future__ import annotations

import pytest

from local.blueprint import MODULES
from projections.migrate import main
from schemas.database.grants import PROCESSES, rights, statements, user_of
from schemas.database.sql_uses import changed, fired, locked

ALL = [process for found in PROCESSES.values() for process in found]


def test_a_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--grants"]) == 0

    assert capsys.readouterr().out.splitlines() == list(statements())


def test_every_process_that_stays_has_a_user() -> None:
    staying = {module.name for module in MODULES if not module.once} - {"registry"}

    assert set(ALL) == staying


def test_rights_change_at_one_moment() -> None:
    """A process at work has no moment without those that it keeps."""
    said = list(statements())
    begins, commits = said.index("begin;"), said.index("commit;")
    changing = [n for n, line in enumerate(said) if line.startswith(("grant", "revoke", "alter"))]
    assert begins < min(changing) < max(changing) < commits


def test_while_processes_of_the_version_before_run_nothing_is_taken_from_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["pre", "--grants"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said == [line for line in statements() if not line.startswith("revoke")]


def test_who_needs_less_than_before_has_less() -> None:
    said = list(statements())
    revoked = [line for line in said if line.startswith("revoke all")]
    assert [line.split()[4] for line in revoked] == ["tables", "sequences"]
    for line in revoked:
        assert all(user_of(process) in line for process in ALL)
        assert all(f" {schema}," in line or f" {schema} " in line for schema in ("access", "audit", "flow", "rm"))


def test_what_a_function_that_is_called_writes_is_granted() -> None:
    assert "decide.head" in rights("gateway").written  # by decide.run_all
    assert {"flow.deadline", "decide.outbox"} <= rights("runner").written  # by decide.record_channel, and by put_outbox


def test_what_a_trigger_does_is_granted() -> None:
    assert fired()["rm.plan"] == {"flow.tally_plans"}
    assert "rm.tally" in rights("projections").written
    assert "rm.tally" not in rights("gateway").written


def test_to_keep_a_row_from_others_is_to_write_it() -> None:
    assert locked("select 1 from flow.parked where id in (select id from flow.flag) for update") == {"flow.parked"}
    assert locked("with x as (select 1 from flow.parked p join flow.flag f for update of f skip locked) select 2") == {
        "flow.flag"
    }
    assert locked("select 1 from flow.parked") == set()


@pytest.mark.parametrize(
    ("sql", "rights"),
    [
        ("insert into flow.flag (a) values (1)", {"insert"}),
        ("insert into flow.flag (a) values (1) on conflict do nothing", {"insert", "select"}),
        ("insert into flow.flag (a) values (1) returning a", {"insert", "select"}),
        ("insert into flow.flag (a) values (1) on conflict (a) do update set a = 2", {"insert", "select", "update"}),
        ("update flow.flag set a = 1", {"update", "select"}),
        ("DELETE  FROM flow.flag", {"delete", "select"}),
        ("select 1 from flow.flag f for no key update of f", {"update", "select"}),
        ("select 1 from flow.flag -- update flow.flag", set()),
        ("create trigger t after update or insert on flow.flag", set()),
    ],
)
def test_a_text_needs_the_rights_for_what_it_does(sql: str, rights: set[str]) -> None:
    assert changed(sql) == {(right, "flow.flag") for right in rights}


def test_what_another_statement_of_a_text_does_is_its_own_tables() -> None:
    sql = "with gone as (delete from flow.flag returning a) insert into flow.parked select a from gone"
    assert changed(sql) == {("delete", "flow.flag"), ("select", "flow.flag"), ("insert", "flow.parked")}


def test_of_the_outbox_each_has_what_it_does() -> None:
    """Who only says that it has started changes nothing that waits there, and takes nothing away."""
    having = {process: {r for r, on in rights(process).changed.items() if "decide.outbox" in on} for process in ALL}
    assert having == {
        "gateway": {"insert", "update", "delete"},
        "watchdog": {"insert", "update"},
        **{process: {"insert"} for process in ("alerts", "worker", "runner", "pump", "projections")},
    }


@pytest.mark.parametrize(
    ("table", "writers"),
    [
        ("access.api_key", {"gateway"}),
        ("access.person", {"gateway"}),
        ("decide.head", {"gateway", "runner", "watchdog"}),
        ("decide.document", {"gateway"}),
        ("decide.data_key", {"gateway"}),
        ("flow.alert", {"gateway", "alerts"}),
        ("rm.plan", {"projections"}),
        ("rm.task", {"projections"}),
    ],
)
def test_a_table_is_written_by_whose_it_is(table: str, writers: set[str]) -> None:
    assert {process for process in ALL if table in rights(process).written} == writers


def test_keys_are_read_by_the_gateway_alone() -> None:
    reading = {process: {t for t in rights(process).read if t.startswith("access.")} for process in ALL}
    # whom reminders go to, and who sees which plan: no key, sign-in, link or account
    assert reading.pop("alerts") == {"access.person", "access.team", "access.team_member"}
    assert {process for process, found in reading.items() if found} == {"gateway"}
    assert "access.api_key" in reading["gateway"]
    assert not any(t.startswith("access.") for t in rights("alerts").written)
    assert {process for process in ALL if "decide.document" in rights(process).read} == {
        "runner",
        "watchdog",
        "gateway",
    }


@pytest.mark.parametrize("process", ALL)
def test_nobody_may_change_tables_or_see_what_was_applied(process: str) -> None:
    granted = [line for line in statements() if f"to {user_of(process)};" in line and line.startswith("grant")]

    assert granted
    assert not any(word in line for line in granted for word in (" all privileges", "create", "truncate", "public"))
