"""How settings are read from the environment: one error, one set of helpers for all processes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from schemas import prefix

BROKERS: Final = "MARKETPLACE_BROKERS"
REGISTRY: Final = "MARKETPLACE_REGISTRY_URL"
DATABASE: Final = "MARKETPLACE_DATABASE_URL"
TOPIC_PREFIX: Final = "MARKETPLACE_TOPIC_PREFIX"
_LOOKS_LIKE: Final = {
    BROKERS: "host:port, comma separated",
    REGISTRY: "http://host:port",
    DATABASE: "postgresql://user:password@host:port/database",
}


class SettingsError(ValueError):
    """A setting is missing or makes no sense; the message names it and says what is expected."""


def need(env: Mapping[str, str], *names: str) -> tuple[str, ...]:
    """Return the values of variables that must be set. Raises SettingsError, which names all that are missing."""
    missing = [name for name in names if not env.get(name)]
    if missing:
        raise SettingsError("; ".join(f"{name} is not set: give it as {_LOOKS_LIKE[name]}" for name in missing))
    return tuple(env[name] for name in names)


def topic_prefix(env: Mapping[str, str]) -> str:
    """Return what stands before the names of topics, groups and subjects outside. Raises SettingsError."""
    value = env.get(TOPIC_PREFIX, "").strip()
    if why := prefix.why_not(value):
        raise SettingsError(f"{TOPIC_PREFIX} is {value!r}: {why}")
    return value


def positive(env: Mapping[str, str], name: str, default: float, *, at_most: float = math.inf) -> float:
    """Return a number above zero, `default` where the variable is not set or empty. Raises SettingsError."""
    raw = env.get(name, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingsError(f"{name} must be a number, not {raw!r}")
    if value <= 0:
        raise SettingsError(f"{name} must be above zero, not {raw}")
    if value > at_most:
        raise SettingsError(f"{name} must be at most {at_most:g}, not {raw}")
    return value


def count(env: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number, 1 or more, `default` where the variable is not set or empty. Raises SettingsError."""
    value = positive(env, name, default)
    if value != int(value):
        raise SettingsError(f"{name} must be a whole number, not {env[name]!r}")
    return int(value)


def whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, `default` where it is not set or empty. Raises SettingsError."""
    raw = env.get(name, "").strip()
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingsError(f"{name} is {raw!r}: give a whole number from {low} to {high}")
    return int(raw)


def one_of(env: Mapping[str, str], name: str, default: str, *choices: str) -> str:
    """Return one of the choices, `default` where the variable is not set or empty. Raises SettingsError."""
    value = env.get(name) or default
    if value not in choices:
        raise SettingsError(f"{name} must be {' or '.join(choices)}, not {value!r}")
    return value


def deaf_after(env: Mapping[str, str]) -> float:
    """Return for how many seconds an event loop may stand still before its process ends. Raises SettingsError."""
    return positive(env, "MARKETPLACE_DEAF_AFTER", 15.0)
