"""The form to edit a dead letter's payload: the text as it was written, and what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData

from gateway.operations.skeleton import skeleton
from gateway.ui import forms
from gateway.ui.formats import pretty_json
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from projections.dead_letters.reads import LetterDetail

PAYLOAD_LIMIT: Final = 500_000
#: The JSON parser's messages -> our words. Other messages stay as they are.
_JSON: Final[dict[str, str]] = {
    "Expecting value": mark("a value is missing"),
    "Expecting ',' delimiter": mark("a comma is missing"),
    "Expecting ':' delimiter": mark("a colon is missing"),
    "Expecting property name enclosed in double quotes": mark("a name in double quotes is missing"),
    "Illegal trailing comma before end of object": mark("there is a comma too many"),
    "Illegal trailing comma before end of array": mark("there is a comma too many"),
    "Extra data": mark("there is more after its end"),
    "Unterminated string starting at": mark("a text has no end"),
    "Invalid control character at": mark("a text has a line break or another control character in it"),
    "Invalid \\escape": mark("a backslash stands before a character that needs none"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The text in the form, valid or not. `made`: nobody wrote it; it is the schema's skeleton."""

    type: str
    payload: str
    reason: str = ""
    made: bool = False


class NotJson(ValueError):  # noqa: N818 - it says what it is
    """The text is no JSON object. The message says where and why, in the reader's language."""


def of_letter(letter: LetterDetail, type_: str = "") -> Written:
    """Return the form before any change: the last edit, the payload, or a skeleton of the event's type."""
    wanted = type_ or letter.edit_type or letter.type
    data = letter.edit if letter.edit is not None else letter.data
    if data is not None and type_ in {"", letter.edit_type or letter.type}:
        return Written(wanted, pretty_json(data))
    key = {"correlation_id": letter.key, "plan_id": letter.key} if letter.key else {}
    return Written(wanted, pretty_json(skeleton(wanted, key) or {}), made=True)


def of_form(form: FormData) -> Written:
    """Return the form as it was sent."""
    return Written(
        forms.text(form, "type", 100),
        forms.text(form, "payload", PAYLOAD_LIMIT).replace("\r\n", "\n"),
        forms.text(form, "reason"),
    )


def read(payload: str) -> dict[str, Any]:
    """Return the payload as JSON. Raises NotJson."""
    try:
        found = json.loads(payload)
    except json.JSONDecodeError as error:
        line = payload.split("\n")[error.lineno - 1].strip()
        why = _(_JSON[error.msg]) if error.msg in _JSON else error.msg
        text = _("line %(line)s, column %(column)s: %(why)s", line=error.lineno, column=error.colno, why=why)
        raise NotJson(f"{text}. {line[:120]}".strip()) from None
    except ValueError as error:  # such as a number that is too long
        raise NotJson(str(error)[:200]) from None
    if not isinstance(found, dict):
        raise NotJson(_("it is not an object: it has to begin with { and end with }"))
    return found
