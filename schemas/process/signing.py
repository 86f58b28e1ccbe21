"""How a process gets the keys of producers (environment) and the places where signing begins (Postgres)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from schemas.belief import Belief, Mode, Until
from schemas.process import database
from schemas.process.connection import Db
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.key_settings import keys_of
from schemas.process.rounds import Round
from schemas.process.settings import SettingsError, one_of
from schemas.signing import NO_KEYS, Keys

log = structlog.get_logger("signing")

MODE: Final = "MARKETPLACE_SIGNING"
KEYS: Final = "MARKETPLACE_SIGNING_KEYS"
KEYS_FILE: Final = "MARKETPLACE_SIGNING_KEYS_FILE"
#: How often a process that has not learned where signing began asks again, in seconds.
AGAIN_S: Final = 1.0
#: How often one that has learned it asks whether a key was retired since.
RETIRED_S: Final = 5.0

_UNTIL: Final = "select key_id, topic, partition, next_offset from flow.believed_until"


@dataclass(frozen=True, slots=True)
class Signing:
    """The keys of this process, and what it does about signatures."""

    keys: Keys = NO_KEYS
    mode: Mode = Mode.OFF
    #: Whether somebody has set the mode. Else it follows from whether there are keys.
    chosen: bool = False

    @property
    def own(self) -> Keys:
        """The keys to sign with: none while signing is off."""
        return NO_KEYS if self.mode is Mode.OFF else self.keys

    def belief(self, until: Until | None) -> Belief:
        """Return the rule by which this process trusts records; `until` is where signing began, None while unknown."""
        return Belief(self.keys, self.mode, until)

    def checked(self, until: Until) -> Belief:
        """Return the rule by which a command trusts records, given where signing began.

        Raises SettingsError where events are signed and nobody gave it a key: it would believe whatever is in the log.
        """
        if until and not self.keys and not self.chosen:
            raise SettingsError(
                f"events of this log are signed, and there is no key to tell them from forged ones: give {KEYS_FILE},"
                f" or {KEYS}, as the processes have it; or say {MODE}=off, and all is believed"
            )
        return self.belief(until)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Signing:
        """Read MARKETPLACE_SIGNING*: with keys signatures are required, without any they are off, unless it says.

        Raises SettingsError.
        """
        keys = keys_of(env, KEYS, KEYS_FILE)
        mode = Mode(one_of(env, MODE, Mode.REQUIRE if keys else Mode.OFF, *Mode))
        if mode is not Mode.OFF and not keys:
            raise SettingsError(f"{MODE} is {mode}, and there is no key: give {KEYS_FILE}, or {KEYS}")
        return cls(keys, mode, bool(env.get(MODE)))


NO_SIGNING: Final = Signing()


def tell(doubt: str) -> None:
    """Tell of an event that is believed although its signature is not as it should be."""
    if doubt:
        log.warning("an event is doubted, and believed while MARKETPLACE_SIGNING is warn", why=doubt)


async def believed_until(db: Db) -> Until:
    """Return where signing began and where keys were retired, as Postgres has it."""
    rows = await db.fetch(_UNTIL)
    return {(row["key_id"], row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def keep_learning(belief: Belief, database_url: str) -> None:
    """Tell a belief where signing began and where keys were retired, as soon as the database answers, until cancelled.

    What was learnt stays where the database does not answer later.
    """
    while database_url and belief.mode is not Mode.OFF:
        with Round("signing", partial(_not_learned, belief), *DATABASE_FAILS):
            connection = await database.connect(database_url, "signing")
            try:
                belief.until = await believed_until(connection)
            finally:
                await connection.close(timeout=2)
        await asyncio.sleep(AGAIN_S if belief.until is None else RETIRED_S)


def _not_learned(belief: Belief, error: Exception) -> None:
    if belief.until is None:
        log.warning("where signing began is not known yet, asking again", error=type(error).__name__)
