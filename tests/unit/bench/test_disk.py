"""What a plan leaves in the database: what tables grew by, and which of it stays."""

from __future__ import annotations

from bench.disk.shares import of_plans, taken, told
from gateway.sizing.kept import measured


def size(rows: int, apart: int = 0, indexes: int = 0) -> dict[str, int]:
    return {"rows": rows, "apart": apart, "indexes": indexes}


def test_each_table_is_told_by_what_it_grew_by_for_one_plan() -> None:
    before = {"rm.plan": size(8192), "decide.outbox": size(0), "decide.document": size(0), "flow.flag": size(8192)}
    after = {
        "rm.plan": size(8192 + 4000, 20_000, 6000),
        "decide.outbox": size(90_000),
        "decide.document": size(10_000),
        "flow.flag": size(8192),
    }
    shares = of_plans(before, after, 10)
    assert [(one.name, one.bytes, one.kind) for one in shares] == [
        ("decide.outbox", 9000, "a day"),
        ("rm.plan", 3000, "lasting"),
        ("decide.document", 1000, "facts"),
    ]
    lines = told(shares, 10)
    assert "| `rm.plan` | 3,000 | 400 | 2,000 | 600 | lasting |" in lines
    assert lines[-1] == (
        "10 plans: 3,000 bytes a plan stay, the aim is 12,000; 9,000 go after a day, 1,000 are its document's facts"
    )
    costs = taken(shares, measured())
    assert (costs.rows, costs.outbox) == (4000, 9000)  # the facts stay with their document
    assert costs.approval == measured().approval
