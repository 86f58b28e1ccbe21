"""What each process sends to Postgres, from a log of all statements."""

from __future__ import annotations

import json

from bench.cost.statements import by_process, parsed, short


def entry(message: str, process: str = "gateway", pid: int = 1) -> str:
    return json.dumps({"application_name": process, "pid": pid, "message": message})


def test_statements_are_counted_once_by_process_and_transactions_are_what_commits() -> None:
    lines = [
        entry("duration: 0.100 ms  parse <unnamed>: select 1"),
        entry("duration: 0.200 ms  bind <unnamed>: select 1"),
        entry("duration: 0.300 ms  execute __asyncpg_stmt_1__: select\n  1"),
        entry("connection received"),
        entry("duration: 0.010 ms  statement: BEGIN;", "worker", 2),
        entry("duration: 1.000 ms  execute x: insert into t values ($1)", "worker", 2),
        entry("duration: 1.000 ms  execute x: insert into t values ($1)", "worker", 2),
        entry("duration: 0.010 ms  statement: COMMIT;", "worker", 2),
        entry("duration: 2.000 ms"),
    ]
    sent = by_process(parsed(lines))
    assert sent["gateway"].statements == {"select 1": 1}
    assert sent["gateway"].ms["select 1"] == 0.3
    assert sent["gateway"].transactions == sent["worker"].transactions == 1
    assert sent["worker"].statements["insert into t values ($1)"] == 2


def test_a_statement_is_short_and_without_what_differs_between_calls() -> None:
    assert short("notify  projected, 'plan-1'") == "notify projected, '?'"
    assert len(short("select " + "a, " * 200)) <= 110
