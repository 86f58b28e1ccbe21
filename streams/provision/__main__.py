"""Topics and schemas: what topics.toml declares against what the broker and the registry have.

`plan` prints the differences and exits 2 where there are any, 0 where there are none; `apply` makes them go away, and
notes where in the log signing begins. `retire KEY` notes where the records of a producers' key end: later ones are not
believed. `grow N` adds partitions while the system works (growing.py): plans that are there keep theirs, and their
order.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from schemas.process import logs, start
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.kafka import BROKER_AWAY
from schemas.process.named import named
from schemas.process.settings import SettingsError
from schemas.process.signing import RETIRED_S
from schemas.registry import RegistryError
from streams.provision.growing import NotGrown, grow
from streams.provision.log_home import demand_home, tell_applied
from streams.provision.provisioner import Provisioner
from streams.provision.signing_begins import begin_belief, end_belief
from streams.settings import Settings

#: A broker answers before its metadata follow: so long `apply` waits to see what it has done.
SETTLE_S = 15.0
WRONG_USE: Final = 64
#: What says that a server is not there.
AWAY: Final[tuple[type[Exception], ...]] = (*BROKER_AWAY, RegistryError, *DATABASE_FAILS)


async def run(action: str, settings: Settings) -> int:
    """Return the exit code of `plan` or `apply`."""
    await demand_home(settings, noting=action == "apply")
    provisioner = Provisioner(settings)
    drift = await provisioner.find_drift()
    for line in drift.lines():
        print(line)
    if not drift.lines():
        print("topics and schemas are as declared")
        if action == "apply":
            await begin_belief(settings)
        return 0
    if action == "plan":
        return 2
    await provisioner.apply(drift)
    await tell_applied(settings, drift.lines())
    deadline = time.monotonic() + SETTLE_S
    while True:
        left = await provisioner.find_drift()
        settled = len(left.lines()) == len(left.unfixable)
        if settled or time.monotonic() > deadline:
            await begin_belief(settings)
            return 2 if left.lines() else 0
        await asyncio.sleep(0.1)


async def retire(key_id: str, settings: Settings) -> int:
    """Return the exit code of `retire`: 2 where the key is the one that signs, or is none that was ever given."""
    await demand_home(settings, noting=False)
    keys = settings.signing.keys
    if key_id == keys.own or key_id not in keys.secrets:
        print(f"{key_id} is not a key that can be retired: it has to be known here, and another one has to sign")
        return 2
    print(f"records of key {key_id} are believed up to here, in {await end_belief(settings, key_id)} partitions")
    print(f"processes learn it by themselves, within {RETIRED_S:.0f} s: nothing needs to be started again")
    print(f"leave {key_id} among the keys: what it has signed is in the log, and a rebuild believes it by the key")
    return 0


async def add(wanted: int, settings: Settings) -> int:
    """Return the exit code of `grow`: 2 where nothing was added, or not all of it was done; it says why."""
    await demand_home(settings, noting=True)
    try:
        await grow(settings, wanted)
    except NotGrown as error:
        print(error)
        return 2
    print("more processes than before can share the work now: one of a kind for each partition at most")
    return 0


def main() -> int:
    """Run one action; return the exit status. 2 is taken: `plan` says by it that something differs."""
    match sys.argv[1:]:
        case ["plan" | "apply" as action]:
            act = partial(run, action)
        case ["retire", key_id]:
            act = partial(retire, key_id)
        case ["grow", number] if number.isascii() and number.isdigit():
            act = partial(add, int(number))
        case _:
            print("usage: python -m streams.provision plan|apply|retire KEY|grow PARTITIONS", file=sys.stderr)
            return WRONG_USE
    return start.run_command("provision", Settings.from_env, partial(_act, act), refused=WRONG_USE)


async def _act(act: Callable[[Settings], Awaitable[int]], settings: Settings) -> int:
    try:
        return await act(settings)
    except SettingsError as error:
        logs.tell(f"provision: {error}", failed=True)
        return WRONG_USE
    except AWAY as error:
        logs.tell(f"provision: {named(error)}", failed=True)
        return start.FAILED


if __name__ == "__main__":
    sys.exit(main())
