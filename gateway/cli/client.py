"""The gateway's REST API over HTTP, as the commands need it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import httpx

from gateway.cli.connection import Connection
from gateway.cli.failures import Failure, Refused, Unreachable

PLANS: Final = "/api/marketplace/analysis"
TASKS: Final = "/api/tasks"
#: An answer in lines, which says how far it is before it is there.
LINES: Final = "application/x-ndjson"
#: Tries of one request. Writes carry an Idempotency-Key, so that a second try cannot do a thing twice.
TRIES: Final = 3
#: Statuses that ask to come again later.
LATER: Final = frozenset({429, 503})
#: The longest that one `Retry-After` is waited for.
MAX_WAIT_S: Final = 10.0
TIMEOUT: Final = httpx.Timeout(15.0, connect=3.0)
#: Of a document that is read before it is answered, and of a workbook, which comes once it is whole.
LONG_TIMEOUT: Final = httpx.Timeout(120.0, connect=3.0)

Params = Mapping[str, str | int | Sequence[str] | None]


class Client:
    """Every method raises Refused for a problem document, and Unreachable where the gateway does not answer."""

    def __init__(self, connection: Connection, transport: httpx.BaseTransport | None = None) -> None:
        self.url = connection.url
        headers = {"Accept": "application/json", "User-Agent": "marketplace-cli"}
        if connection.key:
            headers["Authorization"] = f"Bearer {connection.key}"
        try:
            # no proxy and no netrc: the key goes to the gateway and to nobody else
            self._http = httpx.Client(
                base_url=connection.url, headers=headers, timeout=TIMEOUT, transport=transport, trust_env=False
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise Unreachable(connection.url, str(error)) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, params: Params | None = None) -> dict[str, Any]:
        """Return the JSON at `path`; parameters that are empty are left out, lists are given several times."""
        chosen = {name: value for name, value in (params or {}).items() if value not in (None, "", ())}
        return self._request("GET", path, params=chosen)

    def pages(self, path: str, params: Params, limit: int | None) -> Iterator[dict[str, Any]]:
        """Yield rows from as many pages as `limit` rows need; None for all."""
        left, cursor = limit, None
        while True:
            size = 200 if left is None else min(200, left)
            page = self.get(path, {**params, "limit": size, "cursor": cursor})
            yield from page["items"]
            before, cursor = cursor, page.get("nextCursor")
            if cursor is not None and (cursor == before or not page["items"]):
                raise Failure("The gateway's list has no end", f"The page after {path} is the same once more.")
            left = None if left is None else left - len(page["items"])
            if cursor is None or (left is not None and left <= 0):
                return

    def download(self, path: str, params: Params, to: IO[bytes]) -> Mapping[str, str]:
        """Write the file at `path` to `to`, return its headers. What breaks off is not tried again: some is there."""
        chosen = {name: value for name, value in params.items() if value not in (None, "", ())}
        arguments: dict[str, Any] = {"params": chosen, "headers": {"Accept": "*/*"}, "timeout": LONG_TIMEOUT}
        try:
            for attempt in range(1, TRIES + 1):
                with self._http.stream("GET", path, **arguments) as response:
                    if response.is_success:
                        for piece in response.iter_bytes():
                            to.write(piece)
                        return response.headers
                    response.read()
                if response.status_code not in LATER or attempt == TRIES:
                    _answer(response)
                time.sleep(_wait(response))
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise Unreachable(self.url, f"{type(error).__name__}: {error}") from None
        raise AssertionError("the last try answers or raises")

    def send(
        self, method: str, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a command, once in effect however often it has to be tried."""
        sent = {"Idempotency-Key": str(uuid.uuid4()), **(headers or {})}
        return self._request(method, path, json=body, headers=sent)

    def upload(
        self,
        file: Path,
        content: IO[bytes],
        fields: Mapping[str, str | list[str]],
        told: Callable[[dict[str, Any]], None] | None = None,
        path: str = f"{PLANS}/upload",
    ) -> dict[str, Any]:
        """Upload a document; `fields` are those of the form, channels comma separated.

        `told` hears how far the reading of it is.
        """
        data = {name: value for name, value in fields.items() if value}
        key = str(uuid.uuid4())
        return self._request(
            "POST",
            path,
            rewind=content,
            told=told,
            data=data,
            files={"file": (file.name, content)},
            headers={"Idempotency-Key": key},
            timeout=LONG_TIMEOUT,
        )

    def _heard(
        self, method: str, path: str, told: Callable[[dict[str, Any]], None], **arguments: Any
    ) -> httpx.Response:
        """Send, and hear what is said before the answer. A gateway that says nothing answers at once."""
        headers = {**arguments.pop("headers", {}), "Accept": f"{LINES}, application/json"}
        with self._http.stream(method, path, headers=headers, **arguments) as response:
            if response.headers.get("content-type", "").startswith(LINES):
                return _last(response.iter_lines(), told, response.request)
            response.read()
            return response

    def _request(
        self,
        method: str,
        path: str,
        *,
        rewind: IO[bytes] | None = None,
        told: Callable[[dict[str, Any]], None] | None = None,
        **arguments: Any,
    ) -> dict[str, Any]:
        for attempt in range(1, TRIES + 1):
            if rewind is not None:
                rewind.seek(0)
            try:
                if told is None:
                    response = self._http.request(method, path, **arguments)
                else:
                    response = self._heard(method, path, told, **arguments)
            except httpx.ConnectError as error:
                raise Unreachable(self.url, str(error)) from None
            except (httpx.TransportError, httpx.InvalidURL) as error:
                if attempt == TRIES or isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
                    raise Unreachable(self.url, f"{type(error).__name__}: {error}") from None
                time.sleep(0.3 * attempt)
                continue
            if response.status_code in LATER and attempt < TRIES:
                time.sleep(_wait(response))
                continue
            return _answer(response)
        raise AssertionError("the last try answers or raises")


def _last(lines: Iterator[str], told: Callable[[dict[str, Any]], None], request: httpx.Request) -> httpx.Response:
    """Return the answer that the last line holds. Raises ReadError where the lines end before it."""
    for line in lines:
        said = json.loads(line)
        if "status" in said:
            return httpx.Response(said["status"], headers=said["headers"], json=said["body"], request=request)
        told(said["reading"])
    raise httpx.ReadError("the answer ends in the middle", request=request)


def _wait(response: httpx.Response) -> float:
    try:
        return min(MAX_WAIT_S, max(0.0, float(response.headers.get("retry-after", "1"))))
    except ValueError:
        return 1.0


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json() if response.content else {}
    except ValueError:
        found = None
    if response.is_success and isinstance(found, dict):
        return found
    if not response.is_success and isinstance(found, dict) and "title" in found:
        raise Refused(found, response.status_code)
    raise Failure(
        f"What answers at {response.url.copy_with(query=None)} is not the gateway",
        f"It answered with status {response.status_code} and {response.headers.get('content-type', 'no content')}.",
        hints=("See whether MARKETPLACE_URL is right.",),
    )
