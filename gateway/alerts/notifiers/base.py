"""What all notifiers share: how they report a failure, without any secret in the report."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Final, Protocol

import httpx
from typing_extensions import TypeVar  # the standard library's takes a default from Python 3.13 on

from gateway.alerts.message import Message
from schemas.process.named import named

#: One call over HTTP.
HTTP_S: Final = 10.0
#: An address at which no machine accepts a connection.
_NOBODY: Final = "http://127.0.0.1:1/"
#: Statuses that mean "later"; any other refusal would only be repeated.
LATER: Final = frozenset({408, 425, 429})
#: The longest wait that a receiver can ask for.
_MOST_S: Final = 3600.0
#: After these errors nothing has reached the receiver; after any other it may have the message.
_NOT_REACHED: Final = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol,
)  # fmt: skip
#: The most bytes of an answer that are read, and characters of it that are reported.
_READ: Final = 4096
_SHOWN: Final = 200
#: The beginning of a result that ends with the receiver's words.
_ANSWERED: Final = re.compile(r"(?:HTTP|SMTP) [0-9]{3}\b")


class Failed(Exception):  # noqa: N818 - it says what it is
    """A message did not arrive. `final`: the same call would fail again; `retry_s`: when the receiver asks for it.

    `unsure`: it may have arrived, and only the answer is missing. `addressee`: the service works, and refuses this one
    of its many addressees.
    """

    def __init__(
        self,
        why: str,
        *,
        final: bool = False,
        retry_s: float | None = None,
        status: int = 0,
        unsure: bool = False,
        addressee: bool = False,
    ) -> None:
        super().__init__(why)
        self.why = why
        self.final = final
        self.retry_s = retry_s
        self.unsure = unsure
        self.addressee = addressee
        self.status = status  # of the answer; 0: there was none


Told_contra = TypeVar("Told_contra", contravariant=True, default=Message)


class NotTried(Exception):  # noqa: N818 - it says what it is
    """A message could not be sent for a reason on our side. It is neither a failure of the receiver nor a try."""


class Notifier(Protocol[Told_contra]):
    """A way to send messages. `gathers`: one message can have several alerts.

    `acknowledges`: it keeps incidents, and gets a message when somebody here acknowledges one.
    """

    @property
    def gathers(self) -> bool: ...
    @property
    def acknowledges(self) -> bool: ...
    @property
    def secrets(self) -> tuple[str, ...]: ...
    async def send(self, message: Told_contra) -> str:
        """Return the receiver's answer, in a few words.

        Raises Failed, and NotTried if the message has to wait; any other exception counts as a failure, too.
        """
        ...


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets: libraries quote addresses, and some of these are keys."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text.replace("\0", "")


def unquoted(text: str) -> str:
    """Return a result without the words of the receiver, or of a library that may quote them."""
    if answered := _ANSWERED.match(text):
        return answered[0]
    error, colon, _ = text.partition(": ")
    return error if colon and error.isidentifier() else text


@cache
def trusted() -> ssl.SSLContext:
    """Return the TLS context of trusted authorities. It is read once: that takes longer than all else of a message."""
    return httpx.create_ssl_context()


async def ready() -> None:
    """Load in advance what the first message would wait for: certificates, and modules of the HTTP client."""
    with suppress(httpx.HTTPError):
        async with httpx.AsyncClient(verify=trusted(), timeout=0.5, trust_env=False) as client:
            await client.get(_NOBODY)


async def post(
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    good: Iterable[int] = range(200, 300),
    proves: str | None = None,
) -> str:
    """Post JSON; return the beginning of the answer. Raises Failed.

    `proves`: the host name of the IP address in `url`, which the certificate has to be for. No proxy is used.
    """
    # no compressed answer: nobody knows how large it is unpacked
    sent = {"Content-Type": "application/json", "User-Agent": "marketplace-alerts", "Accept-Encoding": "identity"}
    name = {"sni_hostname": proves} if proves else {}
    try:
        async with (
            httpx.AsyncClient(
                timeout=HTTP_S, follow_redirects=False, verify=trusted(), trust_env=proves is None
            ) as client,
            client.stream("POST", url, content=content, headers={**sent, **headers}, extensions=name) as response,
        ):
            said = await _beginning(response)
    except httpx.UnsupportedProtocol as error:
        raise Failed(named(error, 200), final=True) from error
    except httpx.HTTPError as error:
        raise Failed(named(error, 200), unsure=not isinstance(error, _NOT_REACHED)) from error
    told = f"HTTP {response.status_code}" + (f": {said}" if said else "")
    if response.status_code in good:
        return told
    final = response.status_code < 500 and response.status_code not in LATER
    raise Failed(told, final=final, retry_s=_retry_after(response), status=response.status_code)


async def _beginning(response: httpx.Response) -> str:
    """Return the beginning of an answer. The rest is not read, however long it is."""
    read = b""
    async for part in response.aiter_raw(_READ):
        read += part
        if len(read) >= _READ:
            break
    return " ".join(read[:_READ].decode("utf-8", "replace").split())[:_SHOWN]


def _retry_after(response: httpx.Response) -> float | None:
    asked = response.headers.get("retry-after", "")
    return min(float(asked), _MOST_S) if asked.isascii() and asked.isdigit() else None
