"""Reads forms as browsers send them, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request

from gateway.commands.deciding import Asked, valid_key
from gateway.http.bodies import read_all
from gateway.problems.problem import Problem
from gateway.ui import i18n, preferences

MAX_TEXT: Final = 2000
#: Fields about where a form comes from and leads to: they are no part of its request.
_NOT_ASKED: Final = frozenset({"csrf_token", "back"})
_Value = TypeVar("_Value", bound=str | Sequence[str])
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


async def fields(request: Request) -> FormData:
    """Return the form; reads the body, within the gateway's limits, unless the door has read it."""
    if not hasattr(request, "_body"):
        settings = request.state.services.settings
        raw = await read_all(request, settings.max_json_bytes, settings.body_timeout)
        request._body = raw  # noqa: SLF001 - what request.body() would keep, read with our limits
    form = await request.form()
    # what is refused comes back as it was written: gateway/ui/comes_back.py
    request.state.written = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return form


async def begin(request: Request) -> FormData:
    """Return the form, and set the reader's language for the rest of the request."""
    i18n.use(preferences.read(request).language)
    return await fields(request)


def text(form: FormData, name: str, limit: int = MAX_TEXT) -> str:
    """Return a text field without control characters and outer blanks, cut at `limit`."""
    value = form.get(name)
    return _CONTROL.sub("", value).strip()[:limit] if isinstance(value, str) else ""


def asked(form: FormData) -> Asked:
    """Read a form's fields `key` and `version`, which callers of the API send as headers.

    Raises Problem 400 for what none of our pages sends.
    """
    key, version = text(form, "key"), text(form, "version")
    expect = _version(version) if version else None
    # scripts and browsers end the lines of a text differently
    said = [(n, v.replace("\r\n", "\n")) for n, v in form.multi_items() if n not in _NOT_ASKED and isinstance(v, str)]
    return Asked(valid_key(key) if key else None, expect, urlencode(said).encode())


def seen(form: FormData) -> dict[UUID, int]:
    """Return the version of each row that the page showed, from fields `seen` such as `<id>@3`.

    Raises Problem 400 for what none of our pages sends.
    """
    found: dict[UUID, int] = {}
    for one in texts(form, "seen"):
        row, _at, version = one.partition("@")
        try:
            found[UUID(row)] = _version(version)
        except ValueError as error:
            raise Problem("bad-request", "The form names a row that is none. Reload the page and try again.") from error
    return found


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem("bad-request", "The form's version is no number. Reload the page and try again.")
    return int(text)


def edited(form: FormData, written: Mapping[str, _Value]) -> dict[str, _Value]:
    """Return the fields that a person changed: those that differ from `was_<name>`, the value that the page showed.

    Without this, a page that was opened before a colleague lowered a role would raise it again with a new name.
    """
    return {name: value for name, value in written.items() if not _as_shown(form, name, value)}


def _as_shown(form: FormData, name: str, value: str | Sequence[str]) -> bool:
    shown = text(form, f"was_{name}")
    same = value == shown if isinstance(value, str) else sorted(value) == sorted(shown.split())
    return f"was_{name}" in form and same


def texts(form: FormData, name: str) -> list[str]:
    """Return every value of a repeated field."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def ids(form: FormData, most: int) -> list[UUID]:
    """Return the ids of the first `most` selected rows, each once; texts that are no id are left out."""
    found: dict[UUID, None] = {}
    for one in texts(form, "id")[:most]:
        try:
            found[UUID(one)] = None
        except ValueError:
            continue
    return list(found)


def back(form: FormData, otherwise: str) -> str:
    """Return where to go after the action: only ever an address of this site."""
    return own_path(text(form, "back", 4000), otherwise)


def own_path(path: str, otherwise: str) -> str:
    """Return `path` if it is one of this site, else `otherwise`."""
    plain = re.fullmatch(r"/[^/\\\s][^\s\\]*|/", path)
    return path if plain else otherwise
