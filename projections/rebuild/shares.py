"""Project a long log with several processes: each has a share of the partitions, and writes into the same tables.

All topics have a plan in the partition of the same number, so a share is of numbers, and nothing of a plan is split.
The processes live for as long as that takes. One that fails, or is ended, ends the rebuild; one whose rebuild has gone
ends itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from projections.rebuild.shadow import Offsets, Shadow, Stalled

#: Records from which on shares are worth the start of their processes, which takes each a second of a processor.
FROM: Final = 20_000
#: Processes at most, the rebuild's own with them: Postgres has to write what they read.
MOST: Final = 4
#: How long a process may take to end once its work is done.
ENDS_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Sharing:
    """Among how many processes a rebuild shares a log, from how many records on, and the environment of each."""

    processes: int
    environment: Mapping[str, str]
    least: int = FROM

    @classmethod
    def of_this_machine(cls) -> Sharing:
        """Return as many processes as this one may use processors."""
        return cls(min(MOST, len(os.sched_getaffinity(0))), os.environ)


@dataclass(slots=True)
class Done:
    """What a process has projected, and how much of it nobody could read."""

    projected: int = 0
    given_up: int = 0


def dealt(ends: Offsets, positions: Offsets, count: int) -> list[Offsets]:
    """Deal out partitions by their number into `count` shares of about as many records: the largest number first.

    Shares without records are left out, so there may be fewer.
    """
    left: dict[int, int] = {}
    for (topic, number), end in ends.items():
        left[number] = left.get(number, 0) + max(0, end - positions[topic, number])
    numbers: list[list[int]] = [[] for _ in range(count)]
    sums = [0] * count
    for number in sorted((n for n, records in left.items() if records), key=lambda n: (-left[n], n)):
        least = sums.index(min(sums))
        numbers[least].append(number)
        sums[least] += left[number]
    return [{at: end for at, end in ends.items() if at[1] in mine} for mine in map(set, numbers) if mine]


async def reach_together(shadow: Shadow, ends: Offsets, sharing: Sharing, say: Callable[[str], None]) -> None:
    """Have `shadow` and other processes project everything before `ends`. Raises as `Shadow.reach` does."""
    mine, *rest = dealt(ends, shadow.positions, sharing.processes)
    say(f"{len(rest) + 1} processes share the partitions")
    done = await together(shadow.reach(mine), rest, shadow.schema, sharing.environment)
    shadow.projected += done.projected
    shadow.given_up += done.given_up
    await shadow.begin_where_the_tables_are()


async def together(
    own: Coroutine[Any, Any, None], shares: Sequence[Offsets], schema: str, environment: Mapping[str, str]
) -> Done:
    """Do `own` while a process projects each share; return what those have done, summed.

    Raises what `own` raises, and Stalled where a process fails: as soon as it does. None of them is left then.
    """
    processes: list[asyncio.subprocess.Process] = []
    tasks: list[asyncio.Task[Done | None]] = [asyncio.create_task(own)]
    try:
        for share in shares:
            processes.append(await _begin(environment))
            tasks.append(asyncio.create_task(_follow(processes[-1], share, schema)))
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        found = [task.result() for task in tasks if task in ended]
        return Done(sum(done.projected for done in found if done), sum(done.given_up for done in found if done))
    finally:
        for task in tasks:
            task.cancel()
        for process in processes:
            with suppress(ProcessLookupError):
                process.kill()
        await asyncio.gather(*tasks, *(process.wait() for process in processes), return_exceptions=True)


async def _begin(environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "projections.rebuild.share"),
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _follow(process: asyncio.subprocess.Process, share: Offsets, schema: str) -> Done:
    """Tell a process its share, and return what it has done. Its input stays open: its end would end the process."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):  # it has ended already: its answer says why
        process.stdin.write(json.dumps({"schema": schema, "ends": [[*at, end] for at, end in share.items()]}).encode())
        process.stdin.write(b"\n")
        await process.stdin.drain()
    answer = await process.stdout.read()
    try:
        said = json.loads(answer)
    except ValueError:
        said = {"error": f"it ended with {await asyncio.wait_for(process.wait(), ENDS_S)}"}
    if "error" in said:
        raise Stalled(f"a process of the rebuild has failed: {said['error']}")
    return Done(said["projected"], said["given_up"])
