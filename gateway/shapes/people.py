"""People, and the sign-ins of whoever asks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from gateway.access.people import HANDLE, RESERVED
from gateway.access.roles import Role
from gateway.shapes.published import any_of
from gateway.shapes.shape import Given, Reason, Taken, Title, YesOrNo

_EMAIL: Final = r"[^\s@<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,180}"


def _free(handle: str) -> str:
    if handle in RESERVED:
        raise ValueError("means somebody or nobody already: choose another one")
    return handle


Handle = Annotated[
    str,
    StringConstraints(pattern=f"^{HANDLE}$"),
    AfterValidator(_free),
    Field(
        description="Up to 40 of a-z, 0-9, '.', '_' and '-'. It never changes, and is never given again.",
        json_schema_extra={"not": {"enum": sorted(RESERVED)}},
    ),
]
#: Empty: nobody knows it.
Email = Annotated[
    str,
    StringConstraints(pattern=f"^(?:{_EMAIL})?$"),
    Field(
        description="Of one person at most; kept in lower case. Reminders of tasks, and of plans that wait, go there."
    ),
]


#: Of messages to a person; empty: that of all messages.
Language = Literal["", "en", "pt_BR"]


class PersonWanted(Taken):
    handle: Handle
    name: Title
    email: Email = ""
    role: Role


class PersonChange(Taken, json_schema_extra=any_of("name", "role", "email", "reminders", "language")):
    """Changes of a person; omitted members stay. `email` empty removes it."""

    name: Title | None = None
    role: Role | None = None
    email: Email | None = None
    reminders: YesOrNo | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.model_dump(exclude_none=True) == {}:
            raise ValueError("nothing is to be changed: send name, role, email, reminders or language")
        return self


class OwnChange(Taken, json_schema_extra=any_of("reminders", "language")):
    """What a person changes of their own; omitted members stay."""

    reminders: YesOrNo | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.reminders is None and self.language is None:
            raise ValueError("nothing is to be changed: send reminders or language")
        return self


class OwnShape(Given):
    """The person who asks, as admins see them."""

    handle: str
    name: str
    email: str
    role: str
    reminders: bool = Field(
        description="Messages go to the e-mail, of own tasks that are due or overdue and of plans that wait."
    )
    language: str = Field(description="Of these messages; empty: that of all messages.")


class PersonShape(OwnShape):
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    erased_at: datetime | None = Field(description="The name, the e-mail and what this person wrote are erased.")
    keys: int = Field(description="Keys of this person that work.")
    sign_ins: int = Field(description="Browsers that are signed in now.")
    seen_at: datetime | None = Field(description="When one of these was seen last.")
    reminder_error: str = Field(
        description="Why the last reminder of tasks did not arrive; empty where it did, or there was none."
    )


class PeopleList(Given):
    items: list[PersonShape]


class PersonErasure(Taken):
    """Why a person is erased."""

    reason: Reason = Field(
        description="It stands in the history of each plan whose name goes with it: name nobody in it."
    )


class PersonErased(Given):
    """`outcome`: accepted, or unchanged where the person was erased before: then the rest says nothing new."""

    handle: str = Field(description="It stays: who decided what is told under it.")
    outcome: Literal["accepted", "unchanged"]
    plans: int = Field(description="Plans of which the title and the name of the file were erased.")
    in_log_until: datetime | None = Field(
        description="What was written before it is in the log as it was written; null: nothing is."
    )
    named_in_log: bool = Field(description="Some of these plans were uploaded before names were encrypted.")


class PersonLinkMade(Given):
    """A link that signs a browser in once. `path` is shown this once only; it follows the address of the gateway."""

    path: str
    handle: str
    role: str
    expires_at: datetime


class SignInShape(Given):
    sign_in_id: UUID
    current: bool = Field(description="It is the one that asks.")
    key_id: str = Field(description="Of the key that it was opened with; empty without one.")
    opened_by: str = Field(description="`key`, `link` or `oidc`.")
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class SignInList(Given):
    items: list[SignInShape]
