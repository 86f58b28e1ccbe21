"""The file of routes (TOML), and what applies without one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.alerts.escalation import Escalation
from gateway.alerts.patience import Hold, Patience
from gateway.alerts.quiet import CAN_WAIT, DAYS, Quiet
from gateway.alerts.routing import PAGERS, Route, Routing, Summary
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Scope, Severity
from schemas.process.settings import SettingsError

T = TypeVar("T")
_VARIABLE: Final = "MARKETPLACE_ALERT_ROUTES"
#: The prefix of messages of our own checks.
_OF_PYDANTIC: Final = "Value error, "
_TIME: Final = r"^([01]\d|2[0-3]):[0-5]\d$"
_WEEKLY: Final = r"^(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d$"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class _Route(_Table):
    to: list[str] = Field(min_length=1)
    severities: list[Severity] = [Severity.CRITICAL, Severity.WARNING]
    kinds: list[Kind] = []
    scopes: list[Scope] = []
    fallback: list[str] = []


class _Escalation(_Table):
    after_minutes: float = Field(10.0, gt=0, le=1440)
    to: list[str] | None = None
    least: Severity = Severity.CRITICAL


class _Quiet(_Table):
    begins: str = Field(alias="from", pattern=_TIME)
    to: str = Field(pattern=_TIME)
    days: list[str] = list(DAYS)
    severities: list[Severity] = sorted(CAN_WAIT)


class _Summary(_Table):
    daily: str = Field(default="08:00", pattern=f"{_TIME}|^off$")
    weekly: str = Field(default="mon 08:00", pattern=f"{_WEEKLY}|^off$")
    to: list[str] | None = None


class _Hold(_Table):
    opens_s: float = Field(ge=0, le=86_400)
    resolves_s: float = Field(ge=0, le=86_400)


class _File(_Table):
    zone: str = "UTC"
    route: list[_Route] = []
    escalation: _Escalation | None = None
    quiet: list[_Quiet] = []
    summary: _Summary = _Summary()
    patience: dict[Kind, _Hold] = {}


def usual(known: Sequence[str]) -> Routing:
    """Return the routes that apply without a file: pagers get critical alerts, the others warnings as well.

    With both Slack and e-mail, e-mail is the fallback of Slack and gets the summaries; without Slack it gets the
    alerts.
    """
    pagers = tuple(name for name in known if name in PAGERS)
    others = tuple(name for name in known if name not in PAGERS)
    stands_in = ("email",) if "slack" in others and "email" in others else ()
    told = tuple(name for name in others if name not in stands_in)
    routes = [Route((name,), fallback=stands_in if name == "slack" else ()) for name in told]
    routes += [Route((name,), frozenset({Severity.CRITICAL}), fallback=tuple(others[:1])) for name in pagers]
    steps = (*pagers, *stands_in) or told[1:2]
    to = ("email",) if "email" in known else ()
    return Routing(tuple(routes), Escalation(steps=tuple(steps)), summary=Summary(to=to))


def parse(text: str, known: Sequence[str]) -> Routing:
    """Parse a file of routes. Raises SettingsError with the place and the right form."""
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{_VARIABLE}: not valid TOML: {error}") from None
    except ValidationError as error:
        raise SettingsError(f"{_VARIABLE}: {'; '.join(_said(one) for one in error.errors()[:5])}") from None
    zone = _zone(file.zone)
    otherwise = usual(known)
    routes = tuple(
        Route(
            _named(one.to, known, f"route {n}, to"),
            frozenset(one.severities),
            frozenset(one.kinds),
            frozenset(one.scopes),
            _named(one.fallback, known, f"route {n}, fallback"),
        )
        for n, one in enumerate(file.route, start=1)
    )
    return Routing(
        routes or otherwise.routes,
        _escalation(file.escalation, known, otherwise.escalation),
        tuple(_quiet(one, zone) for one in file.quiet),
        _summary(file, known, otherwise.summary.to),
        Patience({kind: Hold(hold.opens_s, hold.resolves_s) for kind, hold in file.patience.items()}),
    )


def _said(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in error["loc"])
    said = str(error["msg"]).removeprefix(_OF_PYDANTIC)
    return f"{where}: {said}" if where else said


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder
        raise SettingsError(f"{_VARIABLE}: zone: {name!r} is no time zone, such as America/Sao_Paulo") from None


def _named(names: Sequence[str], known: Sequence[str], where: str) -> tuple[str, ...]:
    for name in names:
        if name not in known:
            there = ", ".join(known) or "none: set SLACK_WEBHOOK_URL, SMTP_HOST, ..."
            raise SettingsError(f"{_VARIABLE}: {where}: {name!r} is not configured; configured: {there}")
    return tuple(names)


def _escalation(given: _Escalation | None, known: Sequence[str], otherwise: Escalation) -> Escalation:
    if given is None:
        return otherwise
    steps = otherwise.steps if given.to is None else _named(given.to, known, "escalation, to")
    return Escalation(timedelta(minutes=given.after_minutes), steps, given.least)


def _quiet(given: _Quiet, zone: ZoneInfo) -> Quiet:
    unknown = [day for day in given.days if day not in DAYS]
    if unknown:
        raise SettingsError(f"{_VARIABLE}: quiet, days: {unknown[0]!r} is none of {', '.join(DAYS)}")
    begins, ends = time.fromisoformat(given.begins), time.fromisoformat(given.to)
    return Quiet(zone, begins, ends, frozenset(given.days), frozenset(given.severities))


def _summary(file: _File, known: Sequence[str], otherwise: tuple[str, ...]) -> Summary:
    given = file.summary
    to = otherwise if given.to is None else _named(given.to, known, "summary, to")
    return Summary(file.zone, _unless_off(given.daily), _unless_off(given.weekly), to)


def _unless_off(text: str) -> str | None:
    return None if text == "off" else text
