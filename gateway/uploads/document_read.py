"""Read an uploaded document with the mapping that came with it, or else the stored one of its header."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import asyncpg

from gateway.intake import ANY_TABLE, Mappings
from gateway.intake.fields import fits
from gateway.intake.goods import Goods
from gateway.problems.problem import invalid
from gateway.uploads import mapping_store
from schemas.facts import DocumentFacts, TableRead


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What people said before of sales, by header: the currency, and the channel where they name none."""

    currencies: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


#: Reads by mappings, and by what people said of headers.
ReadWith = Callable[[Mappings, SaidBefore], Awaitable[tuple[DocumentFacts, Goods]]]


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """`given`: what came with the document, by the headers that it is for. `kept`: headers read by what was kept.

    `applied`: all mappings that it was read by. `goods`: what it tells of costs and stock.
    """

    facts: DocumentFacts
    given: Mappings
    kept: tuple[str, ...] = ()
    goods: Goods = field(default_factory=Goods)
    applied: Mappings = field(default_factory=dict)

    def facts_for(self, channels: Sequence[str]) -> DocumentFacts:
        """Return the facts as a plan for these channels has them: `mapping` is the key of this reading.

        Of one channel alone the channel that was said tells no other reading: unsaid it would be that one.
        """
        told = self.told_channels if len(channels) > 1 else {}
        return replace(self.facts, mapping=_digest(self.applied, self.told_currencies, told))

    @property
    def told_channels(self) -> dict[str, str]:
        """What people said that sales are of, by header, of the tables that name no channel."""
        return {one.header_id: one.told_channel for one in self.facts.tables if one.header_id and one.told_channel}

    @property
    def told_currencies(self) -> dict[str, str]:
        """What people said that amounts are in, by header, of the tables that do not tell it themselves."""
        return {one.header_id: one.told_currency for one in self.facts.tables if one.header_id and one.told_currency}

    @property
    def sure(self) -> bool:
        """Whether no person is needed: some table is known to be of sales, or none may be of them."""
        tables = self.facts.tables
        return any(table.kind == "sales" for table in tables) or not any(table.asks for table in tables)


async def read_mapped(
    pool: asyncpg.Pool, read: ReadWith, given: Mappings, who: str, team: str | None = None
) -> DocumentRead:
    """Read the document, and once more where mappings are kept for its headers. Raises Refused, and Problem 422.

    `team`: the id of the team that it is of, None for none.
    """
    facts, goods = await read(given, SaidBefore())
    meant = _by_header(facts, given)
    found = await mapping_store.find(pool, {t.header_id for t in facts.tables if t.header_id}, team)
    kept = {header_id: one for header_id, one in found.items() if one.columns and header_id not in meant}
    currencies = {header_id: one.currency for header_id, one in found.items() if one.currency}
    channels = {header_id: one.channel for header_id, one in found.items() if one.channel}
    if kept or currencies or any(table.unnamed and table.header_id in channels for table in facts.tables):
        mappings = {**given, **{header_id: one.columns for header_id, one in kept.items()}}
        facts, goods = await read(mappings, SaidBefore(currencies, channels))
    now = datetime.now(UTC)
    makers = {header_id: (one.made_by, one.made_at) for header_id, one in kept.items()}
    makers |= dict.fromkeys(meant, (who, now))
    applied = {**{header_id: one.columns for header_id, one in kept.items()}, **meant}
    tables = [
        _signed(table, *makers[table.header_id]) if table.header_id in makers else table for table in facts.tables
    ]
    used = [*kept, *currencies, *(table.header_id for table in tables if table.told_channel)]
    made = DocumentRead(replace(facts, tables=tables), meant, tuple(dict.fromkeys(used)), goods, applied)
    return replace(made, facts=made.facts_for(()))


def _by_header(facts: DocumentFacts, given: Mappings) -> Mappings:
    """Return what was given by the header that it is for. Raises Problem 422 where the document has no such table."""
    shown = {t.header_id: [c.header for c in t.columns] for t in facts.tables if t.header_id}
    found: Mappings = {}
    for header_id, columns in given.items():
        if header_id == ANY_TABLE:
            meant = [one for one, names in shown.items() if fits(columns, names)]
            if not meant:
                raise _no_such_columns(columns, shown)
            found |= dict.fromkeys(meant, columns)
        elif header_id in shown:
            found[header_id] = columns
        else:
            raise invalid(("mapping", f"the document has no table with the headerId '{header_id[:40]}': look again"))
    return found


def _no_such_columns(columns: dict[str, str], shown: dict[str, list[str]]) -> Exception:
    names = list(dict.fromkeys(name for table in shown.values() for name in table))
    missing = [column for column in columns if not any(fits({column: ""}, table) for table in shown.values())]
    what = f"no table has the column {missing[0][:60]}" if missing else "no table has all of these columns"
    there = f"there are: {', '.join(names)[:600]}" if names else "the document has no table"
    return invalid(("map", f"{what}; {there}"))


def _signed(table: TableRead, who: str, when: datetime) -> TableRead:
    return replace(table, mapped_by=who, mapped_at=when.isoformat(timespec="seconds"))


def _digest(applied: Mappings, currencies: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return the key of a reading by what people said: the same file read otherwise has another; empty without any."""
    if not applied and not currencies and not channels:
        return ""
    # without currencies and channels the key is that of earlier versions
    said = [applied, dict(currencies)] if currencies else applied
    said = [applied, dict(currencies), dict(channels)] if channels else said
    plain = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
