"""Decodes events, and asks the registry for schemas that this process does not know.

One of three things is true of a record: it is an event, nobody can read it (Undecodable), or nobody can tell now
(RegistryAway). The last is an outage and nobody's failure: the record has to wait, it is no dead letter.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from schemas.events import Event
from schemas.registry import Registry, RegistryError
from schemas.wire import Codec, Undecodable, UnknownSchema

#: Schema ids that the registry does not know are not asked for again at once.
UNKNOWN_FOR_S: Final = 5.0
#: Nor is a registry that is not well: a batch of records must not wait for it record by record.
AWAY_FOR_S: Final = 1.0
#: A registry is waited for so long; a worker handles one record after the other. What it says later counts, too.
PATIENCE_S: Final = 1.0
#: Ids that are remembered; damaged records can bring any number of them.
REMEMBERED: Final = 1000
#: Refusals that say nothing of the id. All others of 400 to 499 do: registries differ in what they answer to odd ones.
_NOT_ABOUT_THE_ID: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


class RegistryAway(Exception):  # noqa: N818 - a state of somebody else
    """The registry does not answer, or not as it should: whether the bytes can be decoded is unknown for now."""


class Decoder:
    """Decodes with `codec`, and teaches it what `registry` knows; without a registry it knows no more than the codec.

    `clock` returns seconds that never go back.
    """

    def __init__(self, codec: Codec, registry: Registry | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._codec = codec
        self._registry = registry
        self._clock = clock
        self._unknown: dict[int, float] = {}  # schema id -> when the registry did not know it
        self._away: tuple[float, str] | None = None
        self._late = False  # whether a question is still without an answer

    async def decode(self, value: bytes | None) -> Event:
        """Return the event. Raises Undecodable, and RegistryAway where its schema cannot be fetched now."""
        try:
            return self._codec.decode(value)
        except UnknownSchema as unknown:
            # written by a newer version of us, or garbage: only the registry can tell
            if self._registry is None or self._clock() - self._unknown.get(unknown.schema_id, -1e9) < UNKNOWN_FOR_S:
                raise
            await self._learn(self._registry, unknown)
            return self._codec.decode(value)

    async def _learn(self, registry: Registry, unknown: UnknownSchema) -> None:
        if self._away is not None and (self._late or self._clock() - self._away[0] < AWAY_FOR_S):
            raise RegistryAway(self._away[1])
        asking = asyncio.get_running_loop().create_task(asyncio.to_thread(registry.schema, unknown.schema_id))
        done, _ = await asyncio.wait({asking}, timeout=PATIENCE_S)
        if not done:
            self._late = True
            asking.add_done_callback(lambda answer: self._came_late(unknown, answer))
            raise self._is_away(TimeoutError(f"it has not answered within {PATIENCE_S:.0f} s"))
        self._take(unknown, asking)

    def _came_late(self, unknown: UnknownSchema, answer: asyncio.Task[dict[str, Any]]) -> None:
        self._late = False
        if not answer.cancelled():
            with suppress(RegistryAway, Undecodable):
                self._take(unknown, answer)

    def _take(self, unknown: UnknownSchema, answer: asyncio.Task[dict[str, Any]]) -> None:
        try:
            raw = answer.result()
        except RegistryError as error:
            if not _is_about_the_id(error.status):
                raise self._is_away(error) from error
            self._remember(unknown.schema_id)
            raise unknown from error
        except OSError as error:
            raise self._is_away(error) from error
        except ValueError as error:  # Protobuf, such as other systems keep in the same registry
            self._remember(unknown.schema_id)
            raise Undecodable("unknown-type", f"schema {unknown.schema_id} is no Avro schema") from error
        self._away = None
        self._codec.learn_named(unknown.schema_id, raw)

    def _is_away(self, error: Exception) -> RegistryAway:
        self._away = (self._clock(), f"{type(error).__name__}: {error}")
        return RegistryAway(self._away[1])

    def _remember(self, schema_id: int) -> None:
        self._away = None  # it answers
        if len(self._unknown) >= REMEMBERED:
            self._unknown.clear()
        self._unknown[schema_id] = self._clock()


def _is_about_the_id(status: int) -> bool:
    return 400 <= status < 500 and status not in _NOT_ABOUT_THE_ID
