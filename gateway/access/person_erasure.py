"""Delete the name, e-mail and accounts of an erased person. The handle stays, because decisions name it."""

from __future__ import annotations

from typing import Final, Literal

from gateway.access.teams import leave
from schemas.process.connection import Db

Outcome = Literal["accepted", "unchanged", "working", "not_found"]

#: From then on whoever has these accounts of a provider signs in as this person no more.
UNLINK: Final = "delete from access.person_identity where person_id = $1"


async def forget(db: Db, handle: str) -> Outcome:
    """Delete name, e-mail, accounts and links of a person, and the names of their keys. Belongs in a transaction.

    `working`: the person has not ended; `unchanged`: the person was forgotten before.
    """
    person = await db.fetchrow(
        "select person_id, ended_at, erased_at from access.person where handle = $1 for update", handle
    )
    if person is None:
        return "not_found"
    if person["ended_at"] is None:
        return "working"
    if person["erased_at"] is not None:
        return "unchanged"
    person_id = person["person_id"]
    await leave(db, person_id)
    await db.execute(UNLINK, person_id)
    await db.execute(
        "delete from access.sign_in_link where person_id = $1"
        " or key_id in (select key_id from access.api_key where person_id = $1)",
        person_id,
    )
    await db.execute("update access.api_key set name = key_id where person_id = $1", person_id)
    await db.execute(
        "update access.person set name = handle, email = null, language = '', erased_at = now() where person_id = $1",
        person_id,
    )
    return "accepted"
