"""Loads tariffs.toml, or the file in MARKETPLACE_TARIFFS: fees and reputation limits with their first day."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from schemas.channels import CHANNELS

SETTING: Final = "MARKETPLACE_TARIFFS"
#: Mercado Livre's Clássico, and Premium with instalments without interest, which costs more.
LISTING_TYPES: Final = ("classic", "premium")
LimitOf = Literal["claims", "cancellations", "late_dispatch"]
_CODE: Final = re.compile("[A-Z]{3}")
_OWN: Final = Path(__file__).with_suffix(".toml")


class TariffsError(ValueError):
    """The file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What is charged of one unit: a share of its price, and an amount (or another share, as some tariffs call it)."""

    percent: float
    fixed: float = 0.0
    fixed_share: float = 0.0

    def of(self, price: float) -> float:
        """Return the fee of one unit at this price."""
        return price * (self.percent + self.fixed_share) + self.fixed


@dataclass(frozen=True, slots=True)
class Band:
    """Prices up to one, and what is charged there; `also` is what other sources say."""

    up_to: float | None
    charge: Charge
    also: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a channel charges from one day on until its next tariff, of one type of listing or of all that have none."""

    channel: str
    valid_from: date
    exact: bool
    source: str
    disputed: str  # where the other numbers stand
    bands: tuple[Band, ...]
    listing_type: str = ""
    kits_up_to: float | None = None  # from here on a kit costs more than its fee
    valid_until: date | None = None  # its last day


@dataclass(frozen=True, slots=True)
class Limit:
    """The share of bad orders that a channel bears, over which days."""

    channel: str
    of: LimitOf
    most: float
    days: int
    min_orders: int
    longer_days: int
    valid_from: date
    source: str
    currency: str = ""  # of the only country that it holds for; empty where it holds everywhere


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The tariffs of all channels."""

    tariffs: tuple[Tariff, ...]
    limits: tuple[Limit, ...]

    def of(self, channel: str) -> list[Tariff]:
        """Return a channel's tariffs, the oldest first."""
        return [tariff for tariff in self.tariffs if tariff.channel == channel]

    def limits_of(self, channel: str, day: date, currency: str) -> list[Limit]:
        """Return the limits that hold for sales in this currency on a day: of each kind the newest that has begun."""
        own = [one for one in self.limits if one.channel == channel and one.currency in ("", currency)]
        begun = [one for one in own if one.valid_from <= day]
        newest = {one.of: one for one in sorted(begun, key=lambda one: one.valid_from)}
        return list(newest.values())


def current(env: Mapping[str, str] = os.environ) -> Tariffs:
    """Return the tariffs of this process. Raises TariffsError."""
    return load(Path(env.get(SETTING) or _OWN))


@cache
def load(path: Path) -> Tariffs:
    """Read a file. Raises TariffsError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        tariffs = sorted(
            (_tariff(one) for one in data.get("tariff", [])), key=lambda one: (one.channel, one.valid_from)
        )
        limits = tuple(_limit(one) for one in data.get("limit", []))
    except OSError as error:
        raise TariffsError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TariffsError) as error:
        raise TariffsError(f"{path}: {error}") from None
    except KeyError as error:
        raise TariffsError(f"{path}: {error} is missing") from None
    except (TypeError, AttributeError) as error:
        raise TariffsError(f"{path}: {error}") from None
    return Tariffs(tuple(_ended(tariffs)), limits)


def _ended(tariffs: list[Tariff]) -> list[Tariff]:
    """Give each tariff the day before the next one of its channel and type as its last."""
    ended = []
    for place, one in enumerate(tariffs):
        kind = (one.channel, one.listing_type)
        after = [other for other in tariffs[place + 1 :] if (other.channel, other.listing_type) == kind]
        last = date.fromordinal(after[0].valid_from.toordinal() - 1) if after else None
        ended.append(replace(one, valid_until=last))
    return ended


def _tariff(data: dict[str, Any]) -> Tariff:
    bands = tuple(_band(one) for one in data["bands"])
    ends = [band.up_to for band in bands[:-1]]
    if not bands or bands[-1].up_to is not None or None in ends or ends != sorted(set(map(_number, ends))):
        raise TariffsError(f"bands of {data['channel']}: each but the last has a higher up_to than the one before")
    listing_type = data.get("listing_type", "")
    if listing_type not in ("", *LISTING_TYPES):
        raise TariffsError(f"listing_type = {listing_type!r} is none of {', '.join(LISTING_TYPES)}")
    return Tariff(
        _channel(data["channel"]),
        _day(data["valid_from"]),
        bool(data["exact"]),
        str(data["source"]),
        str(data.get("disputed", "")),
        bands,
        listing_type,
        _number(data["kits_up_to"]) if "kits_up_to" in data else None,
    )


def _band(data: dict[str, Any]) -> Band:
    up_to = data.get("up_to")
    return Band(None if up_to is None else _number(up_to), _charge(data), tuple(map(_charge, data.get("also", []))))


def _charge(data: dict[str, Any]) -> Charge:
    percent, share = _share(data["percent"]), _share(data.get("fixed_share", 0.0))
    return Charge(percent, _number(data.get("fixed", 0.0)), share)


def _limit(data: dict[str, Any]) -> Limit:
    of = data["of"]
    if of not in get_args(LimitOf):
        raise TariffsError(f"of = {of!r} is none of {', '.join(get_args(LimitOf))}")
    days, orders, longer = (int(_number(data[name])) for name in ("days", "min_orders", "longer_days"))
    most, since = _share(data["most"]), _day(data["valid_from"])
    source, currency = str(data["source"]), _currency(data.get("currency", ""))
    return Limit(_channel(data["channel"]), of, most, days, orders, longer, since, source, currency)


def _currency(value: object) -> str:
    if value != "" and not (isinstance(value, str) and _CODE.fullmatch(value)):
        raise TariffsError(f"currency = {value!r} is no code: BRL")
    return str(value)


def _channel(value: object) -> str:
    if value not in CHANNELS:
        raise TariffsError(f"channel = {value!r} is none of {', '.join(CHANNELS)}")
    return str(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise TariffsError(f"{value!r} is no amount")
    return float(value)


def _share(value: object) -> float:
    if (share := _number(value)) > 1:
        raise TariffsError(f"{value!r} is no share: 0.14 is 14 %")
    return share


def _day(value: object) -> date:
    if type(value) is not date:
        raise TariffsError(f"valid_from = {value!r} is no day: 2026-03-01, without quotes")
    return value
