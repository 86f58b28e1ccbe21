"""Checks that a row of the outbox is as one of our processes decided it. Otherwise it is neither sent nor shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog

from schemas.belief import Mode
from schemas.outbox_seal import Forged, Row, check
from schemas.process.connection import Db
from schemas.process.signing import NO_SIGNING, Signing
from schemas.retention import OUTBOX_HOURS

log = structlog.get_logger("outbox")

#: The last row that may be without a seal: any row until the upgrade has ended, none once the older rows are gone.
_UNSEALED_UNTIL: Final = """
    select min(case when began_at > now() - make_interval(hours => $1) then seq else 0 end) from decide.outbox_sealed
"""


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

    async def learn(self, connection: Db, rows: Sequence[Row]) -> None:
        """If one of these rows has no seal, ask the database up to which row that is allowed."""
        if self.keys and any(row["seal"] is None for row in rows):
            self._unsealed_until = await connection.fetchval(_UNSEALED_UNTIL, self._hours)

    def check(self, row: Row) -> None:
        """Raise Forged for a row that must not be sent."""
        if not self.keys or (row["seal"] is None and self._of_before(row["seq"])):
            return
        try:
            check(self.keys, row)
        except Forged as error:
            if self._mode is Mode.REQUIRE:
                raise
            log.warning("a row of the outbox is doubted, and sent while MARKETPLACE_SIGNING is warn", error=str(error))

    def _of_before(self, seq: int) -> bool:
        return self._unsealed_until is None or 0 < seq <= self._unsealed_until
