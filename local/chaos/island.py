"""A second host in this machine: a network namespace behind a virtual cable, which can be cut in silence.

Both ends stay up, and both believe that the other is there: each frame goes to an Ethernet address that nobody has.
That is what a broken switch looks like: no reset, no unreachable, only silence, in both directions.
"""

from __future__ import annotations

import subprocess
from typing import Final, Self

from local.chaos.contained import ip
from local.child import Command

#: Where this side's servers listen so that the island can reach them, and the address of the island.
MAINLAND: Final = "10.213.1.1"
ISLAND: Final = "10.213.1.2"
_MACS: Final = {MAINLAND: "02:00:00:00:00:01", ISLAND: "02:00:00:00:00:02"}
_NOBODY: Final = "02:00:00:00:00:99"


class Island:
    """Makes a second host inside this one, in namespaces of its own (see contained.py). `with Island() as island`."""

    def __init__(self) -> None:
        # the namespace lives as long as a process is in it
        keeper = Command(("unshare", "--net", "sh", "-c", "echo; exec sleep infinity"))
        self._keeper = subprocess.Popen(keeper.leashed(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    @property
    def prefix(self) -> tuple[str, ...]:
        """Return the words that run a command on the island."""
        return ("nsenter", f"--net=/proc/{self._keeper.pid}/ns/net", "--")

    def cut(self) -> None:
        """Cut the cable: every frame is lost, in both directions."""
        self._point(_NOBODY, _NOBODY)

    def join(self) -> None:
        """Mend the cable: no frame is lost any more."""
        self._point(_MACS[ISLAND], _MACS[MAINLAND])

    def _point(self, to_island: str, to_mainland: str) -> None:
        ip("neigh", "replace", ISLAND, "lladdr", to_island, "dev", "mainland", "nud", "permanent")
        self._there("neigh", "replace", MAINLAND, "lladdr", to_mainland, "dev", "island", "nud", "permanent")

    def _there(self, *arguments: str) -> None:
        ip(*arguments, prefix=self.prefix)

    def __enter__(self) -> Self:
        assert self._keeper.stdout is not None
        self._keeper.stdout.readline()  # it is in its namespace now
        ip("link", "set", "lo", "up")
        ip("link", "add", "mainland", "address", _MACS[MAINLAND], "type", "veth",
           "peer", "name", "island", "address", _MACS[ISLAND], "netns", str(self._keeper.pid))  # fmt: skip
        ip("address", "add", f"{MAINLAND}/30", "dev", "mainland")
        ip("link", "set", "mainland", "up")
        self._there("address", "add", f"{ISLAND}/30", "dev", "island")
        for device in ("lo", "island"):
            self._there("link", "set", device, "up")
        self.join()
        return self

    def __exit__(self, *_: object) -> None:
        self._keeper.kill()
        self._keeper.wait(10)
        if self._keeper.stdout is not None:
            self._keeper.stdout.close()
