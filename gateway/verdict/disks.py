"""Findings on disks that fill up, and on those that nobody can see. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.verdict.failing import percent
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.snapshot import Snapshot
from projections.reads.disks import Disk

_GIB: Final = 1024**3
#: A disk fills where less than this share and less than so much of it is left: a tenth of a large disk is much.
FILLING: Final = (0.1, 20 * _GIB)
#: It is full where so little is left that servers begin to fail.
FULL: Final = (0.01, _GIB)


def disks(snapshot: Snapshot) -> Iterator[Finding]:
    """Return a finding for each disk that is full or fills, and for each server's that is not seen."""
    for disk in snapshot.operations.disks:
        for kind, limit in ((Kind.DISK_FULL, FULL), (Kind.DISK_FILLING, FILLING)):
            if _less(disk, *limit):
                yield _finding(kind, disk)
                break
    for whose in snapshot.operations.disks_unseen:
        # how much of the database there may be is known where somebody said it
        if whose != "database" or snapshot.database_limit is None:
            yield Finding(Kind.DISK_UNSEEN, {"whose": whose}, subject=whose)


def _less(disk: Disk, share: float, left: int) -> bool:
    return disk.free < share * disk.size and disk.free < left


def _finding(kind: Kind, disk: Disk) -> Finding:
    return Finding(
        kind,
        {
            "path": disk.path,
            "host": disk.host,
            "share": percent(1 - disk.free / disk.size),
            "free": f"{disk.free / _GIB:.2f} GiB",
            "owners": " ".join(disk.owners),
            "seen": disk.seen_s,
        },
        subject=f"{disk.host}:{disk.path}",
    )
