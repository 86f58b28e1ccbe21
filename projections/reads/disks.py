"""The disks that heartbeats report, each once, however many processes see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from projections.reads.processes import Process

#: A disk that was seen so long ago, in seconds, is looked at: its server is asked once a second, and may be slow.
FRESH_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk of `size` bytes with `free` available. `owners`: roles of processes, `database`, `broker`.

    `seen_s`: seconds since it was seen last, if its server does not answer any more; else 0.
    """

    host: str
    path: str
    size: int
    free: int
    owners: tuple[str, ...]
    seen_s: float = 0.0


def disks_of(processes: Iterable[Process]) -> list[Disk]:
    """Return the disks of processes with a heartbeat: a silent process's last report is out of date.

    Disks of one device are one. It is named by the folder that matters most: a server's, else the shortest.
    """
    found: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for host, told in _told(processes):
        device = told["path"] if told["device"] is None else str(told["device"])
        found.setdefault((host, device), []).append((host, told))
    return [_disk(host, [told for _, told in seen]) for (host, _), seen in sorted(found.items())]


def _told(processes: Iterable[Process]) -> Iterator[tuple[str, dict[str, Any]]]:
    for process in processes:
        if process.well:
            for told in (*process.progress.get("disks", ()), *process.progress.get("server_disks", ())):
                yield told.get("host", process.host), told


def _disk(host: str, seen: list[dict[str, Any]]) -> Disk:
    # who looks at it now knows better than what a server told before it went away
    now = [told for told in seen if told.get("seen_s", 0.0) <= FRESH_S] or seen
    ago = min(told.get("seen_s", 0.0) for told in now)
    named = min(seen, key=lambda told: (told["of"] not in ("database", "broker"), len(told["path"]), told["path"]))
    free = min(told["free"] for told in now)
    owners = tuple(sorted({told["of"] for told in seen}))
    return Disk(host, named["path"], named["size"], free, owners, ago if ago > FRESH_S else 0.0)
