"""Wall clocks that jump."""

from __future__ import annotations

from typing import Final

from local.chaos.scene import Scene

#: Seconds by which clocks are wrong: a leap of a time server, a machine that slept, a wrong time zone.
JUMPS: Final = (-7200.0, -3600.0, -90.0, -5.0, 5.0, 90.0, 3600.0, 7200.0)


async def jump(scene: Scene) -> None:
    """Move the wall clocks of all Python processes twice, then back; those of broker and database stay."""
    clock = scene.site.clock
    assert clock is not None
    there, further = scene.rng.sample(JUMPS, 2)
    scene.notes["jumps"] = (there, further)
    scene.cause(lambda: clock.jump(there))
    await scene.for_a_while(2.0, 4.0)
    clock.jump(further)
    await scene.for_a_while(2.0, 4.0)
    clock.jump(0.0)
