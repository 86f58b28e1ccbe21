"""Query parameters: each arrives as the list of its values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from projections.reads.paging import DEFAULT_LIMIT, MAX_LIMIT
from schemas.channels import CHANNELS


def _one(values: Any) -> Any:
    if isinstance(values, list):
        if len(values) != 1:
            raise ValueError("is given more than once")
        return values[0]
    return values


def _many(values: Any) -> Any:
    if isinstance(values, list):
        return [part.strip() for value in values for part in value.split(",") if part.strip()]
    return values


def _known(channel: str) -> str:
    if channel not in CHANNELS:
        raise ValueError(f"is no channel: there are {', '.join(CHANNELS)}")
    return channel


#: A parameter that is given once.
ONE = BeforeValidator(_one)
#: A parameter with several values, repeated or separated by commas.
MANY = BeforeValidator(_many)

ChannelId = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(CHANNELS)})]
#: The languages of the reader's places and remarks; the first is the one that it writes.
Language = Literal["pt-BR", "en"]
ReadersLanguage = Annotated[
    Language, ONE, Field(description="Of the reader's places and remarks; it writes Portuguese.")
]
Cursor = Annotated[str | None, ONE, Field(max_length=2000, description="nextCursor of the page before, unchanged.")]
PageLimit = Annotated[int, ONE, Field(ge=1, le=MAX_LIMIT, description=f"Rows of a page; {DEFAULT_LIMIT} if not given.")]
Total = Annotated[bool, ONE, Field(description="Count all that match, too.")]
