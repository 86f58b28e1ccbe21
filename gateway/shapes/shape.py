"""What all shapes share: camelCase names, strict input, and text that can be stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticKnownError

from gateway.access.invisible_characters import UNSEEN
from gateway.shapes.published import ONE_LINE, SAID, SEEN_LINE, STORABLE

_LINES = frozenset("\n\t\r")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")


def _storable(text: str) -> str:
    # Postgres takes no NUL, and no control character belongs into what people read
    if any((c < " " and c not in _LINES) or c == "\x7f" for c in text):
        raise ValueError("must not contain control characters")
    return text


def one_line(text: str) -> str:
    """Return a text that is one line. Raises ValueError."""
    if any(c < " " or c == "\x7f" for c in text):
        raise ValueError("must be one line without control characters")
    return text


def _seen_line(text: str) -> str:
    if UNSEEN.search(text):
        raise ValueError("must be one line without control characters")
    return text


def _as_sent(check: Callable[[str], str], most: int) -> BeforeValidator:
    """Return a validator that checks a text as it was sent; the blanks around it are removed afterwards."""

    def checked(value: Any) -> Any:
        if isinstance(value, str):
            check(value)
            if len(value) > most:
                raise PydanticKnownError("string_too_long", {"max_length": most})
        return value

    return BeforeValidator(checked)


def _written_out(value: Any) -> Any:
    # a number would be taken for seconds since 1970: of a selection that nobody meant
    if not isinstance(value, str) or not _MOMENT.match(value):
        raise ValueError("must be a date and a time with its zone, such as 2026-11-30T12:00:00Z")
    return value


#: A switch of a request: true or false, and nothing that could be meant so.
YesOrNo = Annotated[bool, Field(strict=True)]
#: A moment as RFC 3339 writes it.
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
#: One line, such as a title or a name.
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    _as_sent(one_line, 200),
    Field(json_schema_extra={"pattern": ONE_LINE}),
]
#: A remark of a few paragraphs.
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=4000),
    _as_sent(_storable, 4000),
    Field(json_schema_extra={"pattern": STORABLE}),
]
#: One line that says something.
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    _as_sent(_seen_line, 200),
    Field(json_schema_extra={"pattern": SEEN_LINE, "allOf": [SAID]}),
]
#: A remark that says something.
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    _as_sent(_storable, 4000),
    Field(json_schema_extra={"pattern": STORABLE, "allOf": [SAID]}),
]
#: A paragraph or two, of which there can be many.
Paragraph = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=2000),
    _as_sent(_storable, 2000),
    Field(json_schema_extra={"pattern": STORABLE}),
]


class Taken(BaseModel):
    """Base of what a caller sends. Unknown members are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        validate_by_name=False,
        validate_by_alias=True,
        defer_build=True,
    )


class Given(BaseModel):
    """Base of what the API answers, built from the reads' dataclasses and stored JSON."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        from_attributes=True,
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )
