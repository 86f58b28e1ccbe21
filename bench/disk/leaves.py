"""`python -m bench disk`: what a plan leaves in the database, from its upload to its tasks, table by table.

A whole system makes the plans, in portions: after each, results of channels are left to the history, as a day after a
decision, and the tables are vacuumed, as they are from time to time where plans come for months. What the first portion
leaves is not counted: its space is used again. `--columns` adds what
each column of the largest tables holds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import asyncpg

from bench.disk.shares import Share, of_plans, taken, told
from bench.report.table import table
from bench.sizing.size import written
from gateway.sizing import kept
from local.blueprint import NAMES
from local.load import Load
from local.stack import Stack

#: Plans that are made between two vacuums.
PORTION: Final = 200
WITHIN_S: Final = 300.0
#: Tables whose columns are shown hold at least so many bytes a plan.
SHOWN: Final = 300

_TABLES: Final = """
    select n.nspname || '.' || c.relname as name, pg_relation_size(c.oid) as rows,
           coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0) as apart, pg_indexes_size(c.oid) as indexes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('access', 'audit', 'decide', 'flow', 'rm')
"""
#: What the gateway does with results of channels a day after the decision.
_A_DAY_LATER: Final = f"select decide.leave_results(interval '0', {PORTION})"
_INDEXES: Final = """
    select n.nspname || '.' || i.relname as name, pg_relation_size(i.oid) as bytes,
           coalesce(s.idx_scan, 0) as looks
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = i.relnamespace
      left join pg_stat_user_indexes s on s.indexrelid = i.oid
     where n.nspname in ('access', 'audit', 'decide', 'flow', 'rm')
"""


def main() -> None:
    """Make plans, and print what each table and index grew by for one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=2000, help="plans that are made (2000)")
    parser.add_argument("--columns", action="store_true", help="also the mean size of each column")
    parser.add_argument("--write", action="store_true", help=f"keep it for `marketplace size`, in {kept.FILE.name}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder:
        key = "mrs_bench_" + secrets.token_urlsafe(32)
        env = {
            "MARKETPLACE_BOOTSTRAP_KEY": key,
            "MARKETPLACE_LIMITS": "commands=off,reads=off,uploads=off",
            "OPENAI_API_KEY": "",
            "OPENAI_BASE_URL": "",
        }
        with Stack(Path(folder), [*NAMES], env=env) as stack:
            found = asyncio.run(_measure(stack.env, key, options.plans, columns=options.columns))
    shares: list[Share] = found["shares"]
    print("\n".join(told(shares, found["plans"])))
    for name, lines in found["more"].items():
        print("\n".join(["", f"## {name}", *lines]))
    if options.write:
        kept.FILE.write_text(written(taken(shares, kept.measured())), "utf-8")
    if options.json:
        options.json.write_text(json.dumps({one.name: one.bytes for one in shares}, indent=1) + "\n", "utf-8")


async def _measure(env: Mapping[str, str], key: str, plans: int, *, columns: bool) -> dict[str, Any]:
    async with Load(env, key) as load:
        database = await asyncpg.connect(env["MARKETPLACE_DATABASE_URL"])
        await _portion(load, database, PORTION)
        before, small = await _sizes(database, _TABLES), await _sizes(database, _INDEXES)
        for start in range(0, plans, PORTION):
            await _portion(load, database, min(PORTION, plans - start))
        after, large = await _sizes(database, _TABLES), await _sizes(database, _INDEXES)
        shares = of_plans(before, after, plans)
        more = {"indexes": _indexes(small, large, plans)}
        if columns:
            for one in shares:
                if one.bytes >= SHOWN:
                    more[one.name] = await _columns(database, one.name, plans + PORTION)
        await database.close()
    return {"shares": shares, "plans": plans, "more": more}


async def _portion(load: Load, database: asyncpg.Connection, count: int) -> None:
    plans = await load.upload(count)
    await load.wait(plans, ["awaiting_approval"], within_s=WITHIN_S)
    await load.approve(plans)
    await load.wait_for_tasks(plans, within_s=WITHIN_S)
    await database.execute(_A_DAY_LATER)
    await database.execute("vacuum analyze")


async def _sizes(database: asyncpg.Connection, question: str) -> dict[str, dict[str, int]]:
    return {row["name"]: {n: int(v) for n, v in row.items() if n != "name"} for row in await database.fetch(question)}


def _indexes(before: Mapping[str, Any], after: Mapping[str, Any], plans: int) -> list[str]:
    found = [(name, (one["bytes"] - before[name]["bytes"]) / plans, one["looks"]) for name, one in after.items()]
    rows = [[f"`{n}`", f"{size:,.0f}", str(looks)] for n, size, looks in sorted(found, key=lambda f: -f[1]) if size > 1]
    return table(["index", "bytes a plan", "looks"], rows)


async def _columns(database: asyncpg.Connection, name: str, plans: int) -> list[str]:
    """Return what the columns of a table take for each plan, the largest first, without the heads of rows."""
    columns = [
        row["attname"]
        for row in await database.fetch(
            "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped", name
        )
    ]
    sums = ", ".join(f'sum(pg_column_size("{one}")) as "{one}"' for one in columns)
    row = await database.fetchrow(f"select {sums}, count(*) as rows_of_it from {name}")
    assert row is not None
    sizes = sorted(((int(row[one] or 0) / plans, one) for one in columns), reverse=True)
    rows = [["(rows)", f"{row['rows_of_it'] / plans:.2f}"]]
    return table(["column", "bytes a plan"], rows + [[f"`{n}`", f"{size:,.0f}"] for size, n in sizes if size >= 1])
