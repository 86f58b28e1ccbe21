"""Which person an account of a company's provider is: by issuer and subject, the first time by verified e-mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import asyncpg

from gateway.access.invisible_characters import UNSEEN
from gateway.access.oidc_settings import OidcSettings
from gateway.access.oidc_sign_in import Claimed, Stranger
from gateway.access.people import RESERVED, insert, name_is_free
from gateway.access.people import New as NewPerson
from gateway.access.roles import Principal, Role
from gateway.access.sign_ins import SignIns
from gateway.audit.texts import key_of
from gateway.audit.writing import Entry, Who, write
from schemas.process.connection import Db
from schemas.written import encrypted

if TYPE_CHECKING:  # it brings authlib: only for who has such a provider
    from gateway.access.oidc import Provider

#: Who makes people that nobody here has made.
MAKER: Final = "oidc"
#: Handles that are tried for somebody new: ana, ana-2, ana-3, ...
TRIES: Final = 50
_HARMLESS: Final = re.compile(r"[^a-z0-9._-]+")
_BY_ACCOUNT: Final = """
    select p.person_id, p.handle, p.role, p.ended_at is not null as ended
      from access.person_identity i join access.person p using (person_id) where i.issuer = $1 and i.subject = $2"""
_BY_EMAIL: Final = """
    select p.person_id, p.handle, p.role,
           exists (select from access.person_identity i where i.person_id = p.person_id and i.issuer = $2) as linked
      from access.person p where p.email = $1 and p.ended_at is null for update of p"""
_LINK: Final = """
    insert into access.person_identity (issuer, subject, person_id) values ($1, $2, $3)
    on conflict (issuer, subject) do update set person_id = excluded.person_id"""
#: One first sign-in at a time, so that two of the same account make one person.
_LOCK: Final = 0x6F696463


@dataclass(frozen=True, slots=True)
class Company:
    """A company's provider, and the people of its accounts."""

    provider: Provider
    identities: Identities


class Identities:
    """Accounts in Postgres. Raises asyncpg's errors where that is away."""

    def __init__(self, pool: asyncpg.Pool, settings: OidcSettings) -> None:
        self._pool = pool
        self._settings = settings

    async def sign_in(self, claimed: Claimed, sign_ins: SignIns, by: Who) -> str:
        """Sign in the person of this account; return the sign-in's token. Raises Stranger.

        Person, link and sign-in are stored in one transaction.
        """
        domains = self._settings.domains
        if domains and claimed.email.rpartition("@")[2] not in domains:
            raise Stranger("domain" if claimed.email else "no-email")
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                principal = await self._known(connection, claimed) or await self._first(connection, claimed, by)
                return await sign_ins.open_within(connection, principal, by, claimed)
        except asyncpg.UniqueViolationError:  # an admin made the person at the same moment: the next try finds them
            raise Stranger("meanwhile") from None

    async def _known(self, db: Db, claimed: Claimed) -> Principal | None:
        row = await db.fetchrow(_BY_ACCOUNT, claimed.issuer, claimed.subject)
        return None if row is None or row["ended"] else _principal(row)

    async def _first(self, db: Db, claimed: Claimed, by: Who) -> Principal:
        """Find or make the person of an account without a person, or whose person has ended."""
        await db.execute("select pg_advisory_xact_lock($1)", _LOCK)
        if (known := await self._known(db, claimed)) is not None:  # somebody was faster
            return known
        had = await db.fetchrow(_BY_ACCOUNT, claimed.issuer, claimed.subject)
        row = await db.fetchrow(_BY_EMAIL, claimed.email, claimed.issuer) if claimed.email else None
        if row is not None and row["linked"]:
            raise Stranger("other-account")
        if row is None and had is not None:
            raise Stranger("ended")  # not as a viewer, either
        if row is None and not claimed.email:
            raise Stranger("no-email")
        if row is None and not self._settings.new_people:
            raise Stranger("unknown")
        principal = await _made(db, claimed, by) if row is None else _principal(row)
        await db.execute(_LINK, claimed.issuer, claimed.subject, principal.person_id)
        told = {"issuer": claimed.issuer, "email": encrypted(claimed.email, await key_of(db, principal.name))}
        await write(db, _as(principal, by), [Entry("person.link", "person", principal.name, after=told)])
        return principal


def _principal(row: asyncpg.Record) -> Principal:
    return Principal("", row["handle"], Role(row["role"]), row["person_id"])


def _as(principal: Principal, by: Who) -> Who:
    return Who(principal.name, principal.caller, by.address, by.request_id)


async def _made(db: Db, claimed: Claimed, by: Who) -> Principal:
    """Make a person with the role viewer for an account that has none."""
    name = UNSEEN.sub("", claimed.name).strip()[:200] or claimed.email.partition("@")[0]
    for handle in handles(claimed.email):
        if await name_is_free(db, handle):
            new = NewPerson(handle, name, Role.VIEWER, claimed.email)
            person_id = await insert(db, new, Who(MAKER, "", by.address, by.request_id))
            return Principal("", handle, Role.VIEWER, person_id)
    raise Stranger("unknown")


def handles(email: str) -> list[str]:
    """Return possible handles for a person with this e-mail, the best first."""
    plain = _HARMLESS.sub("-", email.partition("@")[0].partition("+")[0].lower()).strip("._-")[:36].strip("._-")
    first = plain if plain and plain not in RESERVED else f"{plain or 'person'}-1"
    return [first, *(f"{plain or 'person'}-{n}" for n in range(2, TRIES))]
