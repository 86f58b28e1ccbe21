"""How much one caller may ask for: token buckets in memory, each limit with a name.

Every gateway process counts for itself: with n processes a caller can have n times as much.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """`rate` requests a second on average, `burst` at once. `burst` 0: no limit."""

    name: str
    rate: float
    burst: int

    def policy(self) -> str:
        """Return the RateLimit-Policy item: the quota and the seconds in which it fills."""
        return f'"{self.name}";q={self.burst};w={max(1, math.ceil(self.burst / self.rate))}'


#: Per caller: the API key, or the address where there is none yet.
DEFAULT_LIMITS: Final[Mapping[str, Limit]] = {
    limit.name: limit
    for limit in (
        Limit("reads", 100, 500),
        Limit("commands", 500, 2000),
        Limit("uploads", 5, 60),
        Limit("streams", 2, 30),  # opening a live connection
        Limit("login", 0.2, 10),
        Limit("failures", 0.5, 20),  # wrong keys from one address, and of one key id
        Limit("guesses", 5, 100),  # wrong keys from all addresses together
    )
}
#: Seconds, from and to, for which a refusal is held back, once a caller was refused as often as its burst and goes on
#: asking at more than twice its rate. To refuse costs time that others wait for, and who waits for an answer asks no
#: more meanwhile. Each is held for another time: else all of them would ask again at one moment.
PAUSE_S: Final = (0.5, 1.5)
#: The fraction of the golden ratio: its multiples are spread evenly, however many there are.
_SPREAD: Final = 0.6180339887
#: Callers remembered at the same time; beyond it those with full buckets are forgotten.
MAX_CALLERS: Final = 20_000
#: The caller by whose name what all of them do together is counted.
EVERYBODY: Final = "everybody"
#: Begins the name by which wrong secrets of a key that there is are counted, whoever sends them. No address does.
OF_KEY: Final = "key "


def parse_limits(text: str) -> Mapping[str, Limit]:
    """Read "commands=500/2000, reads=off" (rate per second / burst) over the defaults. Raises ValueError."""
    limits = dict(DEFAULT_LIMITS)
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        if name not in limits:
            raise ValueError(f"no limit is named {name!r}: there are {', '.join(limits)}")
        if value == "off":
            limits[name] = Limit(name, 1, 0)
            continue
        rate, _, burst = value.partition("/")
        try:
            limit = Limit(name, float(rate), int(burst))
        except ValueError:
            raise ValueError(f"{part!r} is not like {name}=100/500 (per second / at once) or {name}=off") from None
        if not (0 < limit.rate < 1e9 and 0 < limit.burst < 1e9):
            raise ValueError(f"{part!r}: both numbers are above 0")
        limits[name] = limit
    return limits


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    patience: float  # refusals that are answered at once; it fills as the tokens do


@dataclass(frozen=True, slots=True)
class Grant:
    """The decision on one request. `wait`: seconds until it may go on, 0 if it may now; `pause`: and until told no."""

    wait: float
    headers: tuple[tuple[bytes, bytes], ...]
    pause: float = 0.0


_UNLIMITED: Final = Grant(0.0, ())


class RateLimiter:
    def __init__(self, limits: Mapping[str, Limit], clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._policies = {n: limit.policy().encode() for n, limit in limits.items()}
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._spread = 0.0

    def take(self, name: str, caller: str, cost: float = 1.0) -> Grant:
        """Count one request of a caller. A refused request costs nothing."""
        limit = self._limits[name]
        if limit.burst == 0:
            return _UNLIMITED
        now = self._clock()
        bucket = self._buckets.get((name, caller))
        if bucket is None:
            if len(self._buckets) >= MAX_CALLERS:
                self._forget(now)
            bucket = self._buckets[name, caller] = _Bucket(limit.burst, now, limit.burst)
        more = (now - bucket.at) * limit.rate
        tokens = min(float(limit.burst), bucket.tokens + more)
        patience = min(float(limit.burst), bucket.patience + more)
        bucket.at = now
        cost = min(cost, limit.burst)
        wait = pause = 0.0
        if tokens >= cost:
            tokens -= cost
        else:
            wait = (cost - tokens) / limit.rate
            pause = 0.0 if patience >= 1 else self._next_pause()
            patience = max(0.0, patience - 1)
        bucket.tokens, bucket.patience = tokens, patience
        full_in = math.ceil((limit.burst - tokens) / limit.rate)
        return Grant(
            wait,
            (
                (b"ratelimit-policy", self._policies[name]),
                (b"ratelimit", b'"%s";r=%d;t=%d' % (name.encode(), int(tokens), full_in)),
            ),
            pause,
        )

    def empty(self, name: str, caller: str) -> float:
        """Return the seconds until a caller may make one request more, without counting one; 0: now."""
        limit = self._limits[name]
        bucket = self._buckets.get((name, caller))
        if bucket is None or limit.burst == 0:
            return 0.0
        tokens = bucket.tokens + (self._clock() - bucket.at) * limit.rate
        return 0.0 if tokens >= 1 else (1 - tokens) / limit.rate

    def _next_pause(self) -> float:
        self._spread = (self._spread + _SPREAD) % 1
        least, most = PAUSE_S
        return least + self._spread * (most - least)

    def _forget(self, now: float) -> None:
        for key, bucket in list(self._buckets.items()):
            limit = self._limits[key[0]]
            if bucket.tokens + (now - bucket.at) * limit.rate >= limit.burst:
                del self._buckets[key]
        # a flood of new callers: the oldest go, or memory would; what they do together, or to one key, stays counted
        excess = len(self._buckets) - MAX_CALLERS + 1
        own = [key for key in self._buckets if not key[1].startswith((EVERYBODY, OF_KEY))] if excess > 0 else []
        for key in own[: max(0, excess)]:
            del self._buckets[key]
