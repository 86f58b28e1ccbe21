"""Walks the chain of who did what, and finds what was changed, removed or put in. Constant memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from projections.verify.expected import Report
from schemas import audit
from schemas.audit import Link, Told
from schemas.process.connection import Db

#: Links that are read at once.
STEP: Final = 2000
#: Seconds for which an entry may be without its link while a gateway runs; it has one after a second.
PATIENCE_S: Final = 300.0
_FIELDS: Final = ", ".join(f"e.{name}" for name in Told.__dataclass_fields__ if name != "entry_id")
_LINKS: Final = f"""
    select l.position, l.entry_id, l.previous, l.hash, l.linked_at, e.entry_id is not null as there, {_FIELDS}
      from audit.link l left join audit.entry e using (entry_id)
     where l.position > $1 order by l.position limit $2"""  # noqa: S608 - constants only
_CHECKPOINTS: Final = """
    select c.position, c.hash, c.last_at, c.made_at,
           exists (select from audit.link l where l.position <= c.position) as there
      from audit.checkpoint c order by c.position"""
_LOOSE: Final = """
    select count(*) as n, min(e.entry_id) as first from audit.entry e
     where e.at < now() - make_interval(secs => $1)
       and not exists (select from audit.link l where l.entry_id = e.entry_id)"""


@dataclass(slots=True)
class Walk:
    """How far the chain was walked: the last place with its hash, and when it was linked, with how many others.

    `looked_at`: when the chain was last continued with all that was there, before those. `whole`: they are known from
    their first place on; of what follows a checkpoint that is not known.
    """

    position: int
    hash: bytes
    linked_at: datetime | None = None
    together: int = 0
    looked_at: datetime | None = None
    whole: bool = True

    def begin(self, linked_at: datetime) -> None:
        """Go on to a place that was linked then: with those before it, or as the first of others."""
        if linked_at != self.linked_at:
            if self.linked_at is not None:
                if self.whole and self.together < audit.MOST:
                    self.looked_at = self.linked_at
                self.whole = True
            self.linked_at, self.together = linked_at, 0
        self.together += 1

    @property
    def head(self) -> str:
        """The place and its hash, as a gateway tells it in its log."""
        return f"{self.position}:{self.hash.hex()}"


async def check_audit(connection: Db, report: Report, known: str = "") -> None:
    """Report each place of the chain that does not fit. `known`: a head that somebody kept, to be found in it."""
    walk = await _start(connection, report)
    wanted, _, hash_ = known.partition(":")
    seen = known in ("", walk.head)  # the last place that was let go may be the one
    async for link, entry in _links(connection, walk.position):
        _step(walk, link, entry, report)
        report.audited += 1
        if wanted == str(link.position):
            seen = hash_ == link.hash.hex()
    if not seen:
        report.add("audit", f"the chain has not {known}: its end was removed or made anew, or it is kept no more")
    loose = await connection.fetchrow(_LOOSE, PATIENCE_S)
    if loose is not None and loose["n"]:
        report.add(
            "audit",
            f"{loose['n']} entries, the first {loose['first']}, are in no chain: no gateway has run since, or the links"
            " were removed",
        )
    report.audit_head = walk.head


async def _start(connection: Db, report: Report) -> Walk:
    walk = Walk(0, audit.START)
    for row in await connection.fetch(_CHECKPOINTS):
        if row["made_at"] - row["last_at"] < timedelta(days=audit.LEAST_DAYS):
            report.add(
                "audit",
                f"entries up to place {row['position']} were let go within {audit.LEAST_DAYS} days of {row['last_at']}",
            )
        if row["there"]:
            report.add(
                "audit",
                f"places up to {row['position']} are there still, and a checkpoint says that they were let go: somebody"
                " put it in",
            )
        walk = Walk(row["position"], row["hash"], whole=False)
    return walk


async def _links(connection: Db, after: int) -> AsyncIterator[tuple[Link, Told | None]]:
    while True:
        rows = await connection.fetch(_LINKS, after, STEP)
        for row in rows:
            link = Link(**{name: row[name] for name in Link.__dataclass_fields__})
            entry = Told(**{name: row[name] for name in Told.__dataclass_fields__}) if row["there"] else None
            yield link, entry
            after = link.position
        if len(rows) < STEP:
            return


def _step(walk: Walk, link: Link, entry: Told | None, report: Report) -> None:
    """Hold one place against the one before, and against its entry."""
    walk.begin(link.linked_at)
    if link.position != walk.position + 1:
        report.add("audit", f"places {walk.position + 1} to {link.position - 1} of the chain were removed")
    elif link.previous != walk.hash:
        report.add(
            "audit", f"place {link.position} of the chain does not follow the one before: one of them is another"
        )
    if entry is None:
        report.add("audit", f"entry {link.entry_id} was removed: place {link.position} of the chain tells of it")
    elif audit.hash_of(link.position, link.previous, link.linked_at, entry) != link.hash:
        report.add("audit", f"entry {link.entry_id} ({entry.action} of {entry.actor!r}, {entry.at}) was changed")
    elif walk.looked_at is not None and audit.was_there(entry.at, walk.looked_at):
        report.add(
            "audit",
            f"entry {link.entry_id} says {entry.at}, and was not there when the chain was continued at"
            f" {walk.looked_at}: it was put in afterwards",
        )
    walk.position, walk.hash = link.position, link.hash
