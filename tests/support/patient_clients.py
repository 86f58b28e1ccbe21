"""Makes clients of HTTP wait as long as a test does, where nobody says how long: httpx gives up after five seconds.

On a machine that others keep busy a sign-in took longer. Clients of the system always say how long they wait, which a
test holds.
"""

from __future__ import annotations

import inspect
from typing import Any, Final

import httpx

from tests.support.patience import PATIENCE_S

#: What asks, or makes who asks.
ASKING: Final[tuple[Any, ...]] = (
    httpx.AsyncClient.__init__,
    httpx.Client.__init__,
    httpx.delete,
    httpx.get,
    httpx.head,
    httpx.options,
    httpx.patch,
    httpx.post,
    httpx.put,
    httpx.request,
    httpx.stream,
)


def pytest_configure() -> None:
    for asking in ASKING:
        inspect.unwrap(asking).__kwdefaults__["timeout"] = httpx.Timeout(PATIENCE_S)
