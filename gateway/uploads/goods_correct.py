"""A person corrects a cost: deletes it, or says its currency. For the API and the pages."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import uuid4

import orjson
from starlette.requests import Request

from gateway.audit.writing import Entry, audited
from gateway.intake.words import currency_named
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services
from schemas.product import sku_key

#: Whoever records or corrects waits for the one before, so what is read next is what the correction finds.
_LOCK: Final = "select from decide.goods for update"
_WAS: Final = """
    select unit_cost::float8, packaging::float8, tax_rate::float8, currency
      from decide.unit_cost where sku_key = $1 and valid_from = $2"""
Action = Literal["delete", "currency"]
ACTIONS: Final[tuple[Action, ...]] = ("delete", "currency")


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of one cost. `expect`: the version that the person saw; None: any version."""

    action: Action
    sku: str
    valid_from: date
    currency: str = ""
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Outcome `unchanged`: it was so already. `version` is that of all costs and stock by now."""

    outcome: Literal["accepted", "unchanged"]
    version: int


async def correct(request: Request, wanted: Correction) -> Corrected:
    """Put one cost right, for all documents that are uploaded from now on.

    Raises Problem 404 where there is no such cost, 412 where it has changed since it was seen, 422 for no currency.
    """
    services: Services = request.state.services
    command = f"goods.cost.{wanted.action}"
    said = await _decide(request, command, wanted, _currency(wanted))
    services.metrics.command(command, said["outcome"])
    version = int(said["version"])
    match said["outcome"]:
        case "accepted":
            services.publishing.wake()
            return Corrected("accepted", version)
        case "unchanged":
            return Corrected("unchanged", version)
        case "not_found":
            raise not_found("cost of", f"{wanted.sku} from {wanted.valid_from} on")
        case "version_mismatch":
            raise Problem(
                "version-mismatch",
                f"The cost of {wanted.sku} from {wanted.valid_from} on is at version {version} now: read it again.",
                headers={"ETag": f'"{version}"'},
                version=version,
            )
    raise ValueError(f"no answer is called {said['outcome']}")


def _currency(wanted: Correction) -> str:
    code = wanted.currency.strip().upper()
    if wanted.action == "currency" and (not code or currency_named(code) != code):
        raise invalid(("currency", "is a code such as BRL, USD or EUR"))
    if wanted.action == "delete" and code:
        raise invalid(("currency", "does not belong to the action delete"))
    return code


async def _decide(request: Request, command: str, wanted: Correction, currency: str) -> dict[str, Any]:
    who, event_id, key = request.state.principal.name, str(uuid4()), sku_key(wanted.sku)
    data = {"key": key, "valid_from": str(wanted.valid_from), "currency": currency}
    row = (
        command,
        event_id,
        who,
        None,
        "",
        wanted.expect,
        event_id,
        time.time_ns() // 1000,
        request.state.request_id or event_id,
        who,
        request.state.traceparent,
        orjson.dumps(data).decode(),
    )
    async with audited(request) as telling:
        await telling.db.execute(_LOCK)
        was = await telling.db.fetchrow(_WAS, key, wanted.valid_from)
        raw = await telling.db.fetchval("select decide.correct_cost($1::decide.command)", row)
        found: dict[str, Any] = orjson.loads(raw)
        after = {"valid_from": str(wanted.valid_from), "version": found["version"]}
        after |= {"currency": currency} if currency else {}
        before = None if was is None else _told(was)
        telling.tell(Entry(command, "cost", wanted.sku, outcome=found["outcome"], before=before, after=after))
    return found


def _told(was: Any) -> dict[str, Any]:
    """Return a cost as the audit tells it."""
    return {
        "unit_cost": was["unit_cost"],
        "packaging": was["packaging"],
        "tax_rate": was["tax_rate"],
        "currency": was["currency"],
    }
