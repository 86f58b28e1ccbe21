"""Rows that are set aside keep the reason that is told of them, and are judged by what the database says of seals."""

from __future__ import annotations

from typing import Any, cast

from gateway.outbox.relay import Relay
from schemas.belief import Mode
from schemas.process.kafka import Brokers
from schemas.process.outbox_seals import Seals
from schemas.process.signing import Signing
from schemas.wire import Codec
from tests.unit.schemas.test_outbox_seal import KEYS, ROW

UNSEALED: dict[str, Any] = {**ROW, "seq": 7, "seal": None, "raw": None, "raw_headers": None}
BEHIND: dict[str, Any] = {**ROW, "seq": 8, "raw": None, "raw_headers": None}


class Database:
    """A session to which rows before the first one are without a seal; it notes what is set aside, and released."""

    def __init__(self, kept: list[dict[str, Any]] | None = None) -> None:
        self.kept = kept or []
        self.aside: dict[int, str | None] = {}
        self.released: list[str] = []

    async def fetchval(self, _query: str, *_args: Any) -> int:
        return 0

    async def fetch(self, query: str, *_args: Any) -> list[dict[str, Any]]:
        return self.kept if "distinct" in query else []

    async def execute(self, query: str, first: list[Any], why: list[str | None] | None = None) -> None:
        if why is None:
            self.released += first
        else:
            self.aside |= dict(zip(first, why, strict=True))


def relay_of() -> Relay:
    return Relay("postgresql://", Brokers(""), cast("Codec", None), Seals(Signing(KEYS, Mode.REQUIRE)))


async def test_a_forged_row_that_is_judged_again_has_its_reason_and_one_behind_it_has_none() -> None:
    relay, database = relay_of(), Database()

    for _ in range(2):
        rows = [cast("Any", UNSEALED), cast("Any", BEHIND)]
        assert await relay._prepare_all(cast("Any", database), rows) == []
        assert database.aside == {7: "Forged: nobody has sealed it", 8: None}


async def test_a_relay_that_begins_knows_by_the_database_that_an_unsealed_row_is_forged() -> None:
    relay, database = relay_of(), Database([UNSEALED])

    await relay._set_aside.load(database)
    await relay._set_aside.review(database)

    assert (database.released, UNSEALED["stream"] in relay._set_aside) == ([], True)
