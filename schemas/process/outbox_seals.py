"""Reads rows of the outbox: the columns to select, the check of the seal, and the event that a row is.

A row that no process of ours decided is neither sent nor shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import orjson
import structlog

from schemas.belief import Mode
from schemas.events import Event
from schemas.outbox_seal import Forged, Row, check
from schemas.process.signing import NO_SIGNING, Signing
from schemas.retention import OUTBOX_HOURS

log = structlog.get_logger("outbox")

#: What `Seals` and `event_of` read of a row, selected from `decide.outbox o`. Who needs more adds columns behind it.
COLUMNS: Final = (
    "o.seq, o.event_id::text, o.topic, o.key, o.type, o.stream, o.version, o.occurred_at, o.causation_id,"
    " o.correlation_id, o.actor, o.data::text, o.raw, o.raw_headers::text, o.seal"
)

#: The last row that may be without a seal: any row until the upgrade has ended, none once the older rows are gone.
_UNSEALED_UNTIL: Final = """
    select min(case when began_at > now() - make_interval(hours => $1) then seq else 0 end) from decide.outbox_sealed
"""

#: The first row that a retired key counts for no more, by what was noted when it was retired (streams/provision). Of
#: one that was retired before rows were noted there is no such place: none of it counts.
_RETIRED: Final = """
    select key_id, coalesce(max(next_offset) filter (where topic = $2), 0) as seq from flow.believed_until
     where key_id = any ($1::text[]) group by key_id
"""
#: What stands for the outbox among the places where keys end.
OUTBOX: Final = "decide.outbox"


class Connection(Protocol):
    """A database connection, as far as seals need it."""

    async def fetch(self, query: str, *args: Any) -> Any: ...
    async def fetchval(self, query: str, *args: Any) -> Any: ...


class Seals:
    """Checks the seals of rows if events are signed.

    A row from before the upgrade to seals is believed without one for `kept_hours`, the time that the outbox keeps rows
    to send them again.
    """

    def __init__(self, signing: Signing = NO_SIGNING, kept_hours: int = OUTBOX_HOURS) -> None:
        self.keys = signing.own
        self._mode = signing.mode
        self._hours = kept_hours
        self._unsealed_until: int | None = None
        self._retired: dict[str, int] = {}  # key -> the first row that it counts for no more

    async def learn(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Ask the database up to which row there may be no seal, or that of a key that signs no more, if need be."""
        if not self.keys:
            return
        seals = {row["seal"] for row in rows}
        if None in seals:
            self._unsealed_until = await connection.fetchval(_UNSEALED_UNTIL, self._hours)
        if others := {seal.partition(".")[0] for seal in seals if seal is not None} - {self.keys.own}:
            found = await connection.fetch(_RETIRED, sorted(others & self.keys.secrets.keys()), OUTBOX)
            self._retired.update((row["key_id"], row["seq"]) for row in found)

    def check(self, row: Row) -> None:
        """Raise Forged for a row that must not be sent."""
        if not self.keys or (row["seal"] is None and self._of_before(row["seq"])):
            return
        try:
            check(self.keys, row)
            self._not_retired(row)
        except Forged as error:
            if self._mode is Mode.REQUIRE:
                raise
            log.warning("a row of the outbox is doubted, and sent while MARKETPLACE_SIGNING is warn", error=str(error))

    def _not_retired(self, row: Row) -> None:
        """Raise Forged for a seal that was made after its key was retired: whoever found the key may have made it."""
        key_id = row["seal"].partition(".")[0]
        until = self._retired.get(key_id)
        if until is not None and row["seq"] >= until:
            raise Forged(f"it is sealed by a key that was retired before: {key_id[:32]}")

    def event_of(self, row: Row) -> Event:
        """Return the event of a row that has data, not bytes of its own. Raises Forged; ValueError for broken data."""
        self.check(row)
        return event_of(row)

    def _of_before(self, seq: int) -> bool:
        return self._unsealed_until is None or 0 < seq <= self._unsealed_until


def event_of(row: Row) -> Event:
    """Return the event of a row whose seal was checked, or of a row of the history with the same columns."""
    return Event(
        type=row["type"],
        event_id=row["event_id"],
        stream=row["stream"],
        version=row["version"],
        occurred_at=row["occurred_at"],
        causation_id=row["causation_id"],
        correlation_id=row["correlation_id"],
        actor=row["actor"],
        data=orjson.loads(row["data"]),
    )
