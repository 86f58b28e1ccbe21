"""Calls a webhook: resolves its host, checks the address, and posts to that address only."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from gateway.alerts.notifiers.base import Failed, NotTried, post
from gateway.alerts.notifiers.webhook import signed
from gateway.alerts.webhooks.body import MEDIA
from gateway.alerts.webhooks.queue import LATER, Delivery
from gateway.verdict.words.own import Fate
from gateway.webhooks.reach import Networks, may_reach, not_reached

#: The most host names that are resolved at the same time, each in a thread. One for each webhook, and as many again for
#: addresses that change during a look-up, so that a nameserver that does not answer delays no other webhook.
LOOKUPS: Final = 40
_UNDER_WAY: Final[set[Future[list[str]]]] = set()
#: The status of a receiver that wants no more events.
_GONE: Final = 410
#: The refusals by another 4xx after which an event is given up: more tries would only delay the plan's next events.
REFUSALS: Final = 3


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One webhook's address and secret. `allowed`: networks that may be called besides the public ones.

    `locked`: why its secret cannot be read, so that nothing is sent; "" if it can.
    """

    url: str = field(repr=False)
    secret: str = field(repr=False)
    allowed: Networks = ()
    locked: str = ""
    gathers: bool = False
    acknowledges: bool = False
    _looking: list[Future[list[str]]] = field(default_factory=list, repr=False, compare=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.url, self.secret, urlsplit(self.url).query)))

    async def send(self, message: Delivery) -> str:
        """Return the beginning of the answer. Raises Failed.

        The failure is final only if the receiver answers that it is gone, or has refused the event `REFUSALS` times.
        """
        if self.locked:
            raise Failed(self.locked)
        headers = {**signed(self.secret, message.message_id, message.body), "Content-Type": MEDIA}
        try:
            return await self._post(message.body, headers)
        except Failed as failed:
            refused = 400 <= failed.status < 500 and failed.status not in LATER
            final = failed.status == _GONE or (refused and message.refusals + 1 >= REFUSALS)
            raise Failed(failed.why, final=final, retry_s=failed.retry_s, status=failed.status) from failed

    async def _post(self, content: bytes, headers: dict[str, str]) -> str:
        parts = urlsplit(self.url)
        host, tls = parts.hostname or "", parts.scheme == "https"
        address = await self._address(host, parts.port or (443 if tls else 80), tls=tls)
        place = f"[{address}]" if ":" in address else address
        port = f":{parts.port}" if parts.port else ""
        # the call goes to the address that was checked: a second look-up could give another one
        url = parts._replace(netloc=place + port).geturl()
        return await post(url, content, {**headers, "Host": parts.netloc}, proves=host)

    async def _address(self, host: str, port: int, *, tls: bool) -> str:
        """Return the first address of a host that may be called.

        Raises Failed, and NotTried if no nameserver can be asked.
        """
        try:
            found = await asyncio.shield(asyncio.wrap_future(self._look(host, port)))
        except (OSError, UnicodeError) as error:
            raise Failed(Fate.NO_HOST % {"why": error}) from error
        for address in found:
            if may_reach(ipaddress.ip_address(address), self.allowed, tls=tls):
                return address
        raise Failed(Fate.NOT_CALLED % {"why": not_reached(", ".join(found[:3]) or "no address")})

    def _look(self, host: str, port: int) -> Future[list[str]]:
        """Return the present look-up of a host, or begin one; a caller that gives up leaves it to the next."""
        if not self._looking or self._looking[0].done():
            if len(_UNDER_WAY) >= LOOKUPS:
                raise NotTried(Fate.LOOKS_UP)
            self._looking[:] = [_lookups().submit(_look_up, host, port)]
            _UNDER_WAY.add(self._looking[0])
            self._looking[0].add_done_callback(_UNDER_WAY.discard)
        return self._looking[0]


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))


@cache
def _lookups() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(LOOKUPS, thread_name_prefix="webhook-lookup")
