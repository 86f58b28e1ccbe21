"""Who did what, from where."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, Field

from gateway.shapes import days
from gateway.shapes.query import MANY, ONE, Cursor, PageLimit
from gateway.shapes.shape import Given, Line, Taken
from projections.reads.paging import DEFAULT_LIMIT
from schemas.audit import ACTIONS

#: All, or one.
_PLAN_ID: Final = r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$"


def _known(action: str) -> str:
    if action not in ACTIONS:
        raise ValueError(f"is no action: there are {', '.join(ACTIONS)}")
    return action


def _day(text: str | None) -> str | None:
    if text:
        days.day(text)
    return text


def _plan(text: str | None) -> str | None:
    if text and not re.match(_PLAN_ID, text):
        raise ValueError("is no id of a plan")
    return text


Action = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(ACTIONS)})]


class AuditSelection(Taken):
    actor: Annotated[Line, ONE] = Field("", description="The name of the key.")
    action: Annotated[tuple[Action, ...], MANY] = ()
    plan: Annotated[
        str | None, ONE, AfterValidator(_plan), Field(json_schema_extra={"pattern": _PLAN_ID}, description="Its id.")
    ] = None
    address: Annotated[Line, ONE] = Field("", description="From where: the whole address.")
    day: Annotated[
        str | None,
        ONE,
        AfterValidator(_day),
        Field(
            json_schema_extra={"pattern": f"{days.PATTERN[:-1]}|^$".replace("|^$", "$|^$")},
            description="A day, UTC, such as 2026-11-30.",
        ),
    ] = None


class AuditQuery(AuditSelection):
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class AuditShape(Given):
    """One entry. `outcome` accepted: it was done; unchanged: it was so already; else why it was refused."""

    entry_id: int
    at: datetime
    actor: str = Field(description="The name of the key; empty where nobody was known.")
    key_id: str = Field(
        description="The public part of the key; `person:` and an id of a person who has signed in without one; of a"
        " sign-in that failed what was claimed."
    )
    address: str = Field(description="Behind declared proxies that of the caller; empty from a command line.")
    action: str
    kind: str = Field(description="Of what: plan, task, letter, key and so on.")
    target: str = Field(description="Its id.")
    plan_id: UUID | None = Field(description="The plan that it belongs to; null: none.")
    outcome: str
    before: dict[str, Any] | None = Field(description="How it was; null: nothing was changed, or it is not told.")
    after: dict[str, Any] | None
    reason: str
    request_id: str
    position: int | None = Field(description="Its place in the chain; null: it has none yet, a moment later it has.")


class AuditPage(Given):
    items: list[AuditShape]
    next_cursor: str | None
