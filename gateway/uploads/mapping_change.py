"""A person changes or deletes a stored mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.requests import Request

from gateway.audit.writing import Entry, audited
from gateway.intake.words import currency_named
from gateway.problems.problem import invalid, not_found
from gateway.uploads import mapping_store
from gateway.uploads.mapping_form import Wrong, checked_columns
from gateway.uploads.mapping_store import KeptMapping, OfTeam
from projections.reads import teams
from schemas.channels import CHANNELS


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise of a header. None: as it was; "": as the document tells."""

    columns: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    channel: str | None = None


async def changed_mapping(request: Request, header_id: str, wanted: Change, team: str = "") -> KeptMapping:
    """Change what is kept for the header by the team, or by the company; columns that are not named keep what they are.

    The document that it was made for is not named to who does not see every plan. Raises Problem and Refused.
    """
    from gateway.intake.layouts.mapping import demand_no_buyers  # noqa: PLC0415 - polars, which nothing else here needs

    of = await _team(request, header_id, team)
    who, team_id = request.state.principal.name, of.team_id if of else None
    async with audited(request) as telling:
        # of two who change it at once the second changes what the first has left
        kept = await mapping_store.locked(telling.db, header_id, team_id)
        if kept is None:
            raise not_found("mapping of a header", f"'{header_id[:80]}'")
        merged, code = _merged(kept, wanted)
        channel = kept.channel if wanted.channel is None else wanted.channel
        demand_no_buyers(merged)
        changed = await mapping_store.change(telling.db, kept, merged, code, channel, who, team_id)
        telling.tell(
            Entry(
                "mapping.change",
                "mapping",
                header_id,
                before={**kept.columns, **_told(kept.currency, kept.channel), **_whose(of)},
                after={**merged, **_told(code, channel), **_whose(of)},
            )
        )
    unnamed = request.state.principal.confined and of is None
    return replace(changed, document="") if unnamed else replace(changed, team=of)


def _merged(kept: KeptMapping, wanted: Change) -> tuple[dict[str, str], str]:
    """Return what the columns and the currency are from now on. Raises Problem 422."""
    wrong: Wrong = [
        (
            "columns",
            f"the header has no column '{name[:60]}' that was mapped; there are: {', '.join(kept.columns)[:600]}",
        )
        for name in wanted.columns
        if name not in kept.columns
    ]
    merged = checked_columns({**kept.columns, **wanted.columns}, "columns", wrong)
    code = kept.currency if wanted.currency is None else wanted.currency.strip().upper()
    if code and currency_named(code) != code:
        wrong.append(("currency", "is a code such as BRL, USD or EUR"))
    if wanted.channel and wanted.channel not in CHANNELS:
        wrong.append(("channel", f"is one of {', '.join(CHANNELS)}"))
    if wrong:
        raise invalid(*wrong[:50])
    return merged, code


async def _team(request: Request, header_id: str, named: str) -> OfTeam | None:
    """Return the team that is named by its id or its name, of those that the caller sees. Raises Problem 404.

    Another one's mapping is answered as one that is not there.
    """
    if not named:
        return None
    for one in await teams.every(request.state.services.shown):
        if named == str(one.team_id) or named.casefold() == one.name.casefold():
            return OfTeam(str(one.team_id), one.name)
    raise not_found("mapping of a header", f"'{header_id[:80]}'")


def _whose(of: OfTeam | None) -> dict[str, str]:
    return {"(team)": of.name} if of else {}


def _told(currency: str, channel: str) -> dict[str, str]:
    # no column is called so: a column `currency` may be
    return {**({"(currency)": currency} if currency else {}), **({"(channel)": channel} if channel else {})}


async def forget_mapping(request: Request, header_id: str, team: str = "") -> bool:
    """Forget what is kept for the header by the team, or by the company; return whether anything was."""
    of = await _team(request, header_id, team)
    async with audited(request) as telling:
        gone = await mapping_store.forget(telling.db, header_id, of.team_id if of else None)
        if gone is not None:
            telling.tell(Entry("mapping.forget", "mapping", header_id, before={**gone, **_whose(of)}))
    return gone is not None
