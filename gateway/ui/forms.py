"""Forms as browsers send them, with and without JavaScript."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request

from gateway.http.bodies import read_all

MAX_TEXT: Final = 2000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


async def fields(request: Request) -> FormData:
    """Return the form; reads the body, within the gateway's limits, unless the door has read it."""
    if not hasattr(request, "_body"):
        settings = request.state.services.settings
        raw = await read_all(request, settings.max_json_bytes, settings.body_timeout)
        request._body = raw  # noqa: SLF001 - what request.body() would keep, read with our limits
    return await request.form()


def text(form: FormData, name: str, limit: int = MAX_TEXT) -> str:
    """Return a text field without control characters and outer blanks, cut at `limit`."""
    value = form.get(name)
    return _CONTROL.sub("", value).strip()[:limit] if isinstance(value, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    """Return every value of a repeated field."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def back(form: FormData, otherwise: str) -> str:
    """Return where to go after the action: only ever an address of this site."""
    return own_path(text(form, "back", 4000), otherwise)


def own_path(path: str, otherwise: str) -> str:
    """Return `path` if it is one of this site, else `otherwise`."""
    plain = re.fullmatch(r"/[^/\\\s][^\s\\]*|/", path)
    return path if plain else otherwise
