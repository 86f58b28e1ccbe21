"""Findings on disks that fill up, as they are seen and as Postgres says, and on those that nobody can see. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.verdict.failing import percent
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.snapshot import Snapshot
from projections.reads.disks import Disk

_MIB: Final = 1024**2
_GIB: Final = 1024**3
#: A disk fills where less than this share and less than so much of it is left: a tenth of a large disk is much.
FILLING: Final = (0.1, 20 * _GIB)
#: It is full where so little is left that servers begin to fail.
FULL: Final = (0.01, _GIB)
#: How the reason begins that Postgres gives where its disk is full (SQLSTATE 53100).
SAYS_FULL: Final = "DiskFullError"
_DATABASE: Final = "database"


def disks(snapshot: Snapshot) -> Iterator[Finding]:
    """Return a finding for each disk that is full or fills, and for each server's that is not seen."""
    for disk in snapshot.operations.disks:
        for kind, limit in ((Kind.DISK_FULL, FULL), (Kind.DISK_FILLING, FILLING)):
            if _less(disk, *limit):
                yield _finding(kind, disk)
                break
    for whose in snapshot.operations.disks_unseen:
        # how much of the database there may be is known where somebody said it
        if whose != _DATABASE or snapshot.database_limit is None:
            yield Finding(Kind.DISK_UNSEEN, {"whose": whose}, subject=whose)


def refused(reason: str, disks_seen: Sequence[Disk]) -> Finding:
    """Return the finding that the database stores no command, beside what is seen of its disk.

    Where that one is seen to be full already, that is a finding, and this one follows from it.
    """
    mine = _of_the_database(disks_seen)
    if mine is not None and _less(mine, *FULL):
        return Finding(Kind.COMMANDS_REFUSED, {"reason": reason})
    return refused_alone(reason, disks_seen)


def refused_alone(reason: str, disks_seen: Sequence[Disk]) -> Finding:
    """Return the finding that the database stores no command, by itself: its disk is full, where it says so.

    It is about the disk that was seen as the database's, so that it is one alert with what is seen of that.
    """
    if not reason.startswith(SAYS_FULL):
        return Finding(Kind.COMMANDS_REFUSED, {"reason": reason})
    mine = _of_the_database(disks_seen)
    subject = _DATABASE if mine is None else _subject(mine)
    return Finding(Kind.DATABASE_DISK_FULL, {"reason": reason}, subject=subject)


def _of_the_database(disks_seen: Sequence[Disk]) -> Disk | None:
    return next((disk for disk in disks_seen if _DATABASE in disk.owners), None)


def _subject(disk: Disk) -> str:
    return f"{disk.host}:{disk.path}"


def _less(disk: Disk, share: float, left: int) -> bool:
    return disk.free < share * disk.size and disk.free < left


def _whole(free: int) -> str:
    """Return how much is left without decimals, which each language writes otherwise, and never more than there is."""
    return f"{free // _GIB} GiB" if free >= 10 * _GIB else f"{free // _MIB} MiB"


def _finding(kind: Kind, disk: Disk) -> Finding:
    return Finding(
        kind,
        {
            "path": disk.path,
            "host": disk.host,
            "share": percent(1 - disk.free / disk.size),
            "free": _whole(disk.free),
            "owners": " ".join(disk.owners),
            "seen": disk.seen_s,
        },
        subject=_subject(disk),
    )
