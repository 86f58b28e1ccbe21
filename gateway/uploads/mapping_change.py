"""A person changes or deletes a stored mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request

from gateway.audit.writing import Entry, audited
from gateway.intake.words import currency_named
from gateway.problems.problem import invalid, not_found
from gateway.uploads import mapping_store
from gateway.uploads.mapping_form import Wrong, checked_columns
from gateway.uploads.mapping_store import KeptMapping


async def changed_mapping(
    request: Request, header_id: str, columns: Mapping[str, str], currency: str | None = None
) -> KeptMapping:
    """Change what is kept for the header; columns that are not named keep what they are.

    `currency`: what its sales are in where they do not tell it, "" for nothing; None: as it was. The document that it
    was made for is not named to who does not see every plan. Raises Problem and Refused.
    """
    kept = (await mapping_store.find(request.state.services.pool, [header_id])).get(header_id)
    if kept is None:
        raise not_found("mapping of a header", f"'{header_id[:80]}'")
    wrong: Wrong = [
        (
            "columns",
            f"the header has no column '{name[:60]}' that was mapped; there are: {', '.join(kept.columns)[:600]}",
        )
        for name in columns
        if name not in kept.columns
    ]
    merged = checked_columns({**kept.columns, **columns}, "columns", wrong)
    code = kept.currency if currency is None else currency.strip().upper()
    if code and currency_named(code) != code:
        wrong.append(("currency", "is a code such as BRL, USD or EUR"))
    if wrong:
        raise invalid(*wrong[:50])
    from gateway.intake.layouts.mapping import demand_no_buyers  # noqa: PLC0415 - polars, which nothing else here needs

    demand_no_buyers(merged)
    async with audited(request) as telling:
        changed = await mapping_store.change(telling.db, header_id, merged, code, request.state.principal.name)
        if changed is not None:
            telling.tell(
                Entry(
                    "mapping.change",
                    "mapping",
                    header_id,
                    before={**kept.columns, **_told(kept.currency)},
                    after={**merged, **_told(code)},
                )
            )
    if changed is None:  # forgotten meanwhile
        raise not_found("mapping of a header", f"'{header_id[:80]}'")
    return replace(changed, document="") if request.state.principal.confined else changed


def _told(currency: str) -> dict[str, str]:
    return {"(currency)": currency} if currency else {}  # no column is called so: a column `currency` may be


async def forget_mapping(request: Request, header_id: str) -> bool:
    """Forget what is kept for the header; return whether anything was."""
    async with audited(request) as telling:
        gone = await mapping_store.forget(telling.db, header_id)
        if gone is not None:
            telling.tell(Entry("mapping.forget", "mapping", header_id, before=gone))
    return gone is not None
