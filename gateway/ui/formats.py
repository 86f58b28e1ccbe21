"""Times and sizes as people of each language write them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from gateway.ui import i18n
from gateway.ui.amounts import number
from gateway.ui.i18n import current
from gateway.ui.i18n import gettext as _
from gateway.verdict.words import speech
from gateway.verdict.words.speech import largest_unit


class _Speech:
    """The language of this request, as a verdict is said in it."""

    def text(self, message: str) -> str:
        return i18n.raw(message)

    def plural(self, one: str, many: str, count: int) -> str:
        return i18n.raw_plural(one, many, count)

    def number(self, value: float) -> str:
        return number(value)

    def age(self, seconds: float) -> str:
        return span(seconds)


SPEECH: Final = _Speech()
#: The marks around an age in a text, and between its beginning and its words; no text of people has these characters.
_AGE: Final = ("\ue000", "\ue001", "\ue002")
_AGES: Final = re.compile("{}(.*?){}(.*?){}".format(*_AGE))


class Ageing(_Speech):
    """The same language for values read at a time.

    Each age carries its beginning, so that a page can keep it current.
    """

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of

    def age(self, seconds: float) -> str:
        begins, parts, ends = _AGE
        return f"{begins}{(self._as_of - timedelta(seconds=seconds)).isoformat()}{parts}{span(seconds)}{ends}"


def ageing(text: str) -> Markup:
    """Return a text of `Ageing` with each age as a `<time>`."""
    before, *rest = _AGES.split(text)
    said = escape(before)
    for at, age, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        said += _lasting(at, age) + escape(after)
    return said


def lasting(seconds: float, as_of: datetime) -> Markup:
    """Return the `<time>` of an age that was so long at a time and goes on, as `2.4 s`."""
    return _lasting((as_of - timedelta(seconds=seconds)).isoformat(), span(seconds))


def _lasting(at: str, age: str) -> Markup:
    return Markup('<time datetime="{}" data-for>{}</time>').format(at, age)


def now() -> datetime:
    """Return the present moment; tests replace it."""
    return datetime.now(UTC)


_AGO: Final = {
    "s": i18n.mark("%(n)s s ago"),
    "min": i18n.mark("%(n)s min ago"),
    "h": i18n.mark("%(n)s h ago"),
    "d": i18n.mark("%(n)s d ago"),
}


def ago(at: datetime) -> str:
    """Return how long ago `at` was, in one unit: `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`."""
    seconds = (now() - at).total_seconds()
    if seconds < 1:
        return _("just now")
    amount, unit = largest_unit(seconds)
    return _(_AGO[unit], n=amount)


def span(length: timedelta | float) -> str:
    """Return a length of time in its largest unit: `340 ms`, `2.4 s`, `12 s`, `3 min`, `2 h`, `5 d`."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    return speech.span(seconds, SPEECH)


def commands(text: str) -> Markup:
    """Return a text as HTML, with each part in backticks as code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def exact(at: datetime) -> str:
    """Return the full time in UTC, to the millisecond."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'milliseconds')} UTC"


def time_tag(at: datetime | None, style: str = "ago") -> Markup:
    """Return a `<time>`: relative with the exact time on hover, or the exact time itself (style `exact`)."""
    if at is None:
        return Markup('<span class="none quiet">-</span>')
    # joined without escaping, for speed: a page has hundreds of them, and no person wrote any part
    if style == "exact":
        return Markup(f'<time datetime="{at.isoformat()}" data-exact>{exact(at)}</time>')  # noqa: S704 - digits
    said = f'<time datetime="{at.isoformat()}" title="{exact(at)}" data-ago>{escape(ago(at))}</time>'
    return Markup(said)  # noqa: S704 - digits, and a text of the catalogue


def until(at: datetime) -> Markup:
    """Return the `<time>` of a future moment: `in 21 s`, `now` once it has come, the exact time on hover."""
    seconds = (at - now()).total_seconds()
    text = _("in %(span)s", span=speech.span(max(1, round(seconds)), SPEECH)) if seconds > 0 else _("now")
    return Markup('<time datetime="{}" title="{}" data-until>{}</time>').format(at.isoformat(), exact(at), text)


def as_of(at: datetime, mark: str = "") -> Markup:
    """Return the `<time>` of a verdict, with its age in words, which the page keeps true, and the system's mark."""
    return Markup('<time datetime="{}" title="{}" data-as-of="{}">{}</time>').format(
        at.isoformat(), exact(at), mark, _("As of %(ago)s", ago=ago(at))
    )


def moment(at: str) -> Markup:
    """Return the `<time>` of an ISO 8601 text, nothing for an empty one."""
    return time_tag(datetime.fromisoformat(at)) if at else Markup("")


def utc(at: str | float) -> str:
    """Return a moment to the second, as a record has it: of seconds since 1970, or of ISO text; other text as it is."""
    try:
        told = datetime.fromisoformat(at) if isinstance(at, str) else datetime.fromtimestamp(at, UTC)
    except ValueError:
        return str(at)
    return f"{told.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def size(octets: int) -> str:
    """Return a file's size: `812 B`, `14.2 kB`, `3.1 MB`."""
    if octets < 1000:
        return f"{octets} B"
    for unit in ("kB", "MB"):
        octets_in_unit = octets / {"kB": 1e3, "MB": 1e6}[unit]
        if octets_in_unit < 1000 or unit == "MB":
            return f"{format_decimal(round(octets_in_unit, 1), locale=current())} {unit}"
    raise AssertionError


def day(at: date) -> str:
    """Return a date and time in the language's medium form."""
    return str(format_datetime(at, "medium", locale=current()))


def short_id(value: UUID | str) -> str:
    """Return the first part of a UUID, enough for people to tell rows apart."""
    return str(value).split("-", 1)[0]


def pretty_json(data: Any) -> str:
    """Return indented JSON for reading; the template escapes it."""
    try:
        return orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2).decode()
    except TypeError:  # a number of more than 64 bits, half of a surrogate pair
        return json.dumps(data, ensure_ascii=False, indent=2, default=str)


def iso_day(at: str) -> str:
    """Return a day that is written in ISO 8601 as the language writes it."""
    return str(format_date(date.fromisoformat(at), "medium", locale=current()))


def pick_json(pick: list[str] | dict[str, dict[str, str]]) -> str:
    """Return the value of a dropdown of columns, as `mapping_form.of_picks` reads it; the template escapes it."""
    return json.dumps(pick, ensure_ascii=False)
