"""One system of ours, run for the bench by the code of the folder that it is started in: `python -c <this> <settings>`.

A line of JSON on its input is a command, and a line is the answer: {"do": "state"}, {"do": "prepare", "count": 10}. It
ends with its input. All imports are those of that folder, maybe another commit: it uses only what that one has.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

WAIT_S = 300.0
#: Whether a plan can have its opportunities and phases apart from its row, and what puts them into it.
APART = """
    select exists (select from pg_attribute where attrelid = 'rm.plan'::regclass and attname = 'body')
"""
WHOLE = """, body = null, opportunities = coalesce((select b.said::jsonb -> 'opportunities' from rm.plan_body b
    where b.plan_id = plan.plan_id and b.digest = plan.body), opportunities)"""


def phase() -> dict[str, Any]:
    """Return a first phase with five tasks, whatever the rules have found."""
    task = {
        "what": "Conferir fotos, medidas e descrição do anúncio e responder às perguntas em aberto",
        "channel": "shopee",
        "priority": "high",
        "opportunity_id": None,
    }
    return {
        "number": 1,
        "name": "Fase 1",
        "weeks": "Semanas 1-4",
        "investment": "Horas da equipe",
        "expected_impact": "Até R$ 10.000,00",
        "tasks": [{"title": f"Reduzir devoluções do SKU-{n}", **task} for n in range(5)],
    }


async def prepare(env: dict[str, str], key: str, count: int) -> list[str]:
    """Upload plans and wait until they can be approved."""
    from local.load import Load  # noqa: PLC0415 - of the folder that this is started in

    async with Load(env, key) as load:
        plans = await load.upload(count)
        ready = await load.wait(plans, ["awaiting_approval"], within_s=WAIT_S)
        if ready != count:
            raise TimeoutError(f"only {ready} of {count} plans are ready")
        # the approval copies what stands here
        await load.pool.execute(
            "update rm.plan set phases = $2::jsonb"
            + (WHOLE if await load.pool.fetchval(APART) else "")
            + " where plan_id = any($1::uuid[])",
            plans,
            json.dumps([phase()]),
        )
        return plans


def set_up_database(folder: Path, settings: dict[str, str]) -> None:
    """Give the database settings that hold from its next start on."""
    import asyncpg  # noqa: PLC0415

    from local.stack import Stack  # noqa: PLC0415

    async def alter(url: str) -> None:
        connection = await asyncpg.connect(url)
        for name, value in settings.items():
            await connection.execute(f"alter system set {name} = '{value}'")
        await connection.close()

    with Stack(folder, ["postgres"]) as stack:
        asyncio.run(alter(stack.env["MARKETPLACE_DATABASE_URL"]))


def main() -> None:
    """Serve commands until the input ends."""
    from local.blueprint import NAMES  # noqa: PLC0415
    from local.stack import Stack  # noqa: PLC0415

    told = json.loads(sys.argv[1])
    folder = Path(told["folder"])
    set_up_database(folder, told["database"])
    names = [name for name in NAMES if name not in told["without"]]
    with Stack(folder, names, env=told["env"]) as stack:
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            if asked["do"] == "prepare":
                answer: dict[str, Any] = {"plans": asyncio.run(prepare(stack.env, told["key"], asked["count"]))}
            else:
                processes = stack.state.processes
                answer = {
                    "env": stack.env,
                    "pids": {name: one.pid for name, one in processes.items() if one.pid is not None},
                    "restarts": {name: one.restarts for name, one in processes.items() if one.restarts},
                    "logs": {name: one.log for name, one in processes.items()},
                }
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
