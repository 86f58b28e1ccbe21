"""English and Brazilian Portuguese: a catalogue is compiled in memory when the first page is shown in its language."""

from __future__ import annotations

import gettext as std_gettext
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from babel.core import negotiate_locale
from markupsafe import Markup

from gateway.verdict.compiled import compiled

LOCALES: Final[dict[str, str]] = {"en": "English", "pt_BR": "Português (Brasil)"}
DEFAULT: Final = "en"


@cache
def load(locale: str) -> std_gettext.NullTranslations:
    """Return the catalogue of a locale; English is the language of the code and needs none."""
    return std_gettext.NullTranslations() if locale == DEFAULT else compiled(locale)


_current: ContextVar[str] = ContextVar("locale", default=DEFAULT)


def use(locale: str) -> None:
    """Set the locale for the rest of this request's task."""
    _current.set(locale if locale in LOCALES else DEFAULT)


def current() -> str:
    """Return the locale of this request."""
    return _current.get()


def negotiate(accept_language: str) -> str:
    """Choose a locale by an Accept-Language header; any Portuguese becomes Brazilian Portuguese."""
    wishes: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=") or "1"
        try:
            wishes.append((float(quality), tag.replace("-", "_")))
        except ValueError:
            continue
    wishes.sort(key=lambda wish: -wish[0])
    tags = ["pt_BR" if tag.lower().startswith("pt") else tag for quality, tag in wishes if quality > 0]
    return negotiate_locale(tags, list(LOCALES), sep="_") or DEFAULT


def gettext(message: str, **values: Any) -> str:
    """Return `message` in the current locale, with `%(name)s` places filled."""
    text = load(_current.get()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """Return the form for `n`; the place `%(n)s` is filled with it."""
    return load(_current.get()).ngettext(singular, plural, n) % {"n": n, **values}


def raw(message: str) -> str:
    """Return the translation with its places unfilled, for a caller that fills them."""
    return load(_current.get()).gettext(message)


def raw_plural(singular: str, plural: str, n: int) -> str:
    """Return the form for `n` with its places unfilled, for a caller that fills them."""
    return load(_current.get()).ngettext(singular, plural, n)


def on_page(message: str, /, **values: Any) -> Markup:
    """Return what `gettext` does, for a template: the values are escaped, and a `%` alone is written as `%%`."""
    text = _translated(_current.get(), message)
    return text % values if values or "%" in text else text


def plural_on_page(singular: str, plural: str, number: int, /, **values: Any) -> Markup:
    """Return the form for a number, for a template; the place `%(num)s` is filled with it."""
    text = Markup(load(_current.get()).ngettext(singular, plural, number))  # noqa: S704 - the catalogue is ours
    return text % {"num": number, **values}


@cache
def _translated(locale: str, message: str) -> Markup:
    """Return a text of the catalogue, cached: a page has a thousand of them, and the next one most of them again."""
    return Markup(load(locale).gettext(message))  # noqa: S704 - the catalogue is ours


def mark(message: str) -> str:
    """Mark a text for the catalogue that is translated later, where it is shown."""
    return message
