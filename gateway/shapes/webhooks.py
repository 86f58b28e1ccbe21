"""Webhooks: addresses that are told of events, and what was told to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from gateway.shapes.alerts import AttemptShape
from gateway.shapes.published import any_of
from gateway.shapes.query import MANY, Cursor, PageLimit
from gateway.shapes.shape import Given, Taken, YesOrNo
from gateway.webhooks import reach, types
from projections.reads.paging import DEFAULT_LIMIT
from projections.reads.webhooks import STATES

DeliveryState = Literal["waiting", "sent", "failed"]
#: Deliveries that are sent again by one request.
MOST_AGAIN = 200
#: A shorter secret can be guessed.
LEAST_SECRET = 16
_ASCII = r"^[!-~]+$"


def _known(asked: list[str]) -> list[str]:
    if wrong := types.unknown(asked):
        raise ValueError(f"there is no event {', '.join(wrong[:5])[:200]}: there are {', '.join(types.KNOWN)}")
    return list(dict.fromkeys(asked))


Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=reach.MOST),
    Field(json_schema_extra={"pattern": r"^https?://[!-~]+$"}),
]
Types = Annotated[
    list[
        Annotated[
            str,
            StringConstraints(max_length=100),
            Field(json_schema_extra={"enum": [*types.KNOWN, *types.PATTERNS]}),
        ]
    ],
    Field(min_length=1, max_length=50, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_known),
]
Secret = Annotated[str, StringConstraints(pattern=_ASCII, min_length=LEAST_SECRET, max_length=200)]


class WebhookWanted(Taken):
    """`types` are those of the events to be told of; `plan.*` and `task.*` are all of them, later ones too."""

    name: Name = Field(description="What it is called here, for good: small letters, digits and hyphens.")
    url: Url
    types: Types = Field(default_factory=lambda: list(types.PATTERNS))
    secret: Secret | None = Field(None, description="What it is signed with; null: one is made.")


class WebhookChange(Taken, json_schema_extra=any_of("url", "types", "paused")):
    """Changes of a webhook; omitted members stay."""

    url: Url | None = None
    types: Types | None = None
    paused: YesOrNo | None = Field(None, description="While it is, events wait in the history: none is lost.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.url is None and self.types is None and self.paused is None:
            raise ValueError("nothing is to be changed: send url, types or paused")
        return self


class WebhookRotate(Taken):
    secret: Secret | None = Field(None, description="What it is signed with from now on; null: one is made.")


class WebhookMade(Given):
    """A new webhook, or one with a new secret. `secret` is shown this once only."""

    webhook_id: UUID
    name: str
    secret: str


class WebhookShape(Given):
    webhook_id: UUID
    name: str
    url: str
    types: list[str]
    created_at: datetime
    created_by: str
    paused_at: datetime | None
    paused_for: str = Field(description="Why the system paused it by itself; empty where a person did.")
    failing_since: datetime | None = Field(description="Since when it has taken nothing; null: it took the last.")
    breaker: str = Field(description="closed; open or half_open while it takes nothing.")
    waiting: int = Field(description="Events in its queue; what comes after these waits in the history.")
    oldest_waiting_at: datetime | None
    given_up: int = Field(description="Deliveries of the last 30 days that were given up; counted up to 1,000.")
    last_sent_at: datetime | None


class WebhookList(Given):
    items: list[WebhookShape]


class DeliveryQuery(Taken):
    state: Annotated[tuple[DeliveryState, ...], MANY] = STATES
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class DeliveryShape(Given):
    """One event for one webhook. The receiver has `deliveryId`, too: a repeat has the same."""

    delivery_id: UUID
    webhook_id: UUID
    event_id: UUID
    plan_id: UUID
    type: str
    state: DeliveryState = Field(description="failed: it was given up.")
    due_at: datetime
    asked_at: datetime = Field(description="When it was taken, a person had it sent again or the webhook was changed.")
    ended_at: datetime | None
    attempts: int
    again: int = Field(description="How often a person had it sent again.")
    error: str
    body: str = Field(
        description="As it is sent: a CloudEvent in JSON, with `unmatched` beside `data` where the texts of the tasks"
        " that it tells have numbers without a source; empty in lists."
    )
    tries: list[AttemptShape] = Field(description="Each with the beginning of the answer; empty in lists.")


class DeliveryPage(Given):
    items: list[DeliveryShape]
    next_cursor: str | None


class SendAgain(
    Taken,
    json_schema_extra={
        "oneOf": [
            {
                "required": ["deliveryIds"],
                "properties": {"deliveryIds": {"minItems": 1}, "givenUp": {"const": False}},
            },
            {"required": ["givenUp"], "properties": {"deliveryIds": {"maxItems": 0}, "givenUp": {"const": True}}},
        ]
    },
):
    """Which deliveries to send again: these, or up to 200 of those that were given up, the oldest first."""

    delivery_ids: list[UUID] = Field(default_factory=list, max_length=MOST_AGAIN)
    given_up: YesOrNo = False

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if bool(self.delivery_ids) is self.given_up:
            raise ValueError("send one of deliveryIds and givenUp")
        return self


class SentAgain(Given):
    """How many are in the queue again. Who waits already is not counted."""

    count: int
