"""API keys, and links that sign a browser in once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from gateway.access.key_changes import LONGEST_GRACE_S
from gateway.access.links import MINUTES, MOST_MINUTES
from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.shapes.published import NULL, any_of
from gateway.shapes.shape import Given, Line, Taken, YesOrNo

Name = Annotated[Line, Field(min_length=1)]
Scopes = Annotated[list[KeyScope], Field(max_length=len(KeyScope))]
Days = Annotated[float, Field(gt=0, le=3660, description="It ends by itself after so many days.")]


class KeyWanted(Taken):
    name: Name
    role: Role
    days: Days | None = Field(None, description="It ends by itself after so many days; null: it does not.")
    person: Line = Field("", description="The handle of whom it belongs to: it acts as them. Empty: of nobody.")
    scopes: Scopes = Field([], description="Groups of routes that it is limited to. Empty: all that its role may.")


class KeyChange(
    Taken,
    json_schema_extra={
        "anyOf": [
            {"required": ["lasting"], "properties": {"lasting": {"const": True}, "days": NULL}},
            {"properties": {"lasting": {"const": False}}, **any_of("name", "role", "days", "person", "scopes")},
        ]
    },
):
    """Changes of a key; omitted members stay."""

    name: Name | None = None
    role: Role | None = None
    days: Days | None = None
    lasting: YesOrNo = Field(False, description="It does not end by itself any more.")
    person: Line | None = Field(None, description='The handle of whom it belongs to from now on; "": of nobody.')
    scopes: Scopes | None = Field(None, description="What it is limited to from now on; []: no limit.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.lasting and self.days is not None:
            raise ValueError("days says when the key ends, lasting that it does not: send one of them")
        if not self.lasting and (self.name, self.role, self.days, self.person, self.scopes) == (None,) * 5:
            raise ValueError("nothing is to be changed: send name, role, person, scopes, and days or lasting")
        return self


class KeyRotate(Taken):
    grace_seconds: float = Field(
        0,
        ge=0,
        le=LONGEST_GRACE_S,
        strict=True,
        description="For so long the secret before goes on working; 0: not at all.",
    )


class KeyMade(Given):
    """A new key, or one with a new secret. `key` is shown this once only."""

    key_id: str
    name: str
    role: str
    key: str
    expires_at: datetime | None = Field(None, description="When it ends by itself; null: it does not.")
    person: str = Field("", description="The handle of whom it belongs to; empty: of nobody.")
    scopes: list[str] = Field([], description="What it is limited to; empty: all that its role may.")


class KeyShape(Given):
    key_id: str
    name: str
    role: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None = Field(description="When it ends by itself; null: it does not.")
    previous_until: datetime | None = Field(description="Until when the secret before the last rotation works.")
    person: str = Field(description="The handle of whom it belongs to; empty: of nobody.")
    scopes: list[str] = Field(description="What it is limited to; empty: all that its role may.")


class KeyList(Given):
    items: list[KeyShape]


class LinkWanted(Taken):
    minutes: float = Field(MINUTES, ge=1, le=MOST_MINUTES, strict=True, description="For so long the link works.")


class LinkMade(Given):
    """A link that signs a browser in once. `path` is shown this once only; it follows the address of the gateway."""

    path: str
    key_id: str
    name: str
    role: str
    expires_at: datetime
