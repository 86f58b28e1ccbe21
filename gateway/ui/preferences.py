"""What a browser prefers: language, theme, density, clock, shortcuts. Kept in one cookie, rendered by the server."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.ui import i18n

COOKIE: Final = "preferences"
_YEAR: Final = 365 * 86400
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "language": tuple(i18n.LOCALES),
    "theme": ("auto", "light", "dark"),
    "density": ("roomy", "compact"),
    "clock": ("utc", "local"),
    "shortcuts": ("on", "off"),
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """`clock` is the zone of exact times; `shortcuts` switches the single-letter shortcuts."""

    language: str
    theme: str = "auto"
    density: str = "roomy"
    clock: str = "local"
    shortcuts: str = "on"

    def changed(self, wanted: dict[str, Any]) -> Preferences:
        """Return these preferences with the known, valid ones of `wanted`."""
        valid = {k: str(v) for k, v in wanted.items() if str(v) in CHOICES.get(k, ())}
        return replace(self, **valid)


def read(request: Request) -> Preferences:
    """Return the browser's preferences; without a language the browser's own decides."""
    preferred = Preferences(i18n.negotiate(request.headers.get("accept-language", "")))
    return preferred.changed(dict(parse_qsl(request.cookies.get(COOKIE, ""))))


def store(response: Response, preferences: Preferences, *, secure: bool) -> None:
    """Keep the preferences in the browser for a year."""
    response.set_cookie(
        COOKIE, urlencode(asdict(preferences)), max_age=_YEAR, path="/", samesite="lax", httponly=True, secure=secure
    )
