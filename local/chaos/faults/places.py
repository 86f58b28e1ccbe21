"""Networks that part and disks that are full."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from gateway.verdict.kinds import Kind
from local.chaos.scene import Scene

#: The share of a disk that is left in the moment before it is filled: more than of one that is said to fill.
LEFT: Final = 0.15


async def part_from_a_broker(scene: Scene) -> None:
    """Cut one of three brokers off from the other two and from all clients, for 8 to 12 s; it lives on alone."""
    island = scene.site.island
    assert island is not None
    scene.cause(island.cut)
    await scene.for_a_while(8.0, 12.0)
    island.join()


async def fill_a_disk(scene: Scene) -> None:
    """Fill the disk of the broker or of the database, as chance has it, for 3 to 6 s."""
    name = scene.rng.choice(sorted(scene.site.disks))
    scene.notes["disk"] = name
    if name == "broker":  # the database is there to tell of it
        scene.tells = frozenset({Kind.DISK_FULL})
    disk = scene.site.disks[name]
    await asyncio.to_thread(disk.begin, LEFT)
    scene.cause(disk.fill)
    for _ in range(scene.rng.randint(3, 6)):
        await scene.for_a_while(0.9, 1.1)
        # a server that is started again deletes its temporary files: the disk stays full
        with contextlib.suppress(FileNotFoundError):
            disk.fill()
    disk.free()
