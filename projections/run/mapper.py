"""Makes rows of records: decodes them, asks whether they are believed, and maps them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, Final

from projections.dead_letters.burial import DEAD_LETTERS, Burial
from projections.dead_letters.projection import Letter, project_letter
from projections.rows import Row
from projections.run.arrival import NOWHERE, letter, recorded
from projections.run.told import Told
from projections.run.writer import rows_of
from projections.settings import Settings
from schemas import headers as h
from schemas.belief import Belief
from schemas.decoding import Decoder, RegistryAway
from schemas.process import telemetry
from schemas.process.log_context import of_record
from schemas.process.signing import tell
from schemas.registry import Registry
from schemas.topics import GOODS_EVENTS, PROJECTIONS, SYSTEM_EVENTS, TASK_EVENTS
from schemas.wire import Codec, Undecodable

#: A record that nobody can read, why, and the trace context of the attempt, where there is one
GivenUp = tuple[Any, Exception, str | None]
#: After so many records the other lane has the loop: what is urgent waits no longer for it.
GIVE_WAY: Final = 32
_NO_SPAN: Final = telemetry.Hop(None, None)


class Mapper:
    """Maps records to rows without writing them. `given_up` counts records that nobody could read."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._settings = settings
        self._decoder = Decoder(codec, Registry(settings.registry_url))
        self._told = Told(codec)
        self._burial = Burial(settings.brokers)
        self.belief = self._burial.belief = settings.signing.belief(None)
        #: topic, partition and offset of what was shown before its turn, which has not come yet
        self._shown_ahead: set[tuple[str, int, int]] = set()
        self.given_up = 0

    def believe(self, belief: Belief) -> None:
        """Believe whom another one believes, and learn with it."""
        self.belief = self._burial.belief = belief

    async def _map(self, records: Sequence[Any], *, ahead: bool = False) -> tuple[list[Row], list[str], list[GivenUp]]:
        """Return rows, the plans that they are of, and what nobody can read. `ahead`: their turn is still to come.

        Raises RegistryAway and OSError where the registry is needed and away.
        """
        rows: list[Row] = []
        plans: dict[str, None] = {}
        given_up: list[GivenUp] = []
        spans = telemetry.enabled()
        self._told.drop()
        for n, record in enumerate(records, start=1):
            if n % GIVE_WAY == 0:
                await asyncio.sleep(0)
            told = self._told.tells(record, self.belief) if record.topic == TASK_EVENTS else None
            if told is not None and not spans:
                continue
            traceparent = h.text(record.headers, h.TRACEPARENT)
            with self._span(record, traceparent) if spans else nullcontext(_NO_SPAN) as hop:
                try:
                    if told is not None:
                        hop.about(told, "task.created")
                        continue
                    if record.topic in DEAD_LETTERS:
                        rows += project_letter(await self._letter(record, hop))
                        continue
                    event = await self._decoder.decode(record.value)
                    with of_record(record):
                        tell(self.belief.check(record, event))
                    hop.about(event.correlation_id, event.type)
                    made = recorded(record, event, traceparent)
                    rows += rows_of(made._replace(offset=NOWHERE) if ahead else made)
                    self._told.note(event)
                    if record.topic not in (SYSTEM_EVENTS, GOODS_EVENTS):
                        plans[event.correlation_id] = None
                except (OSError, RegistryAway):
                    raise  # the registry is away: guessing would lose the record, so the session ends and waits
                except Exception as error:  # bytes that nobody can read, times that are none, or a bug of the mapping
                    hop.failed(error)
                    given_up.append((record, error, hop.own))
        return rows, list(plans), given_up

    def _span(self, record: Any, traceparent: str | None) -> AbstractContextManager[telemetry.Hop]:
        place = (record.topic, record.partition, record.offset)
        if place in self._shown_ahead:  # its span was made then
            return nullcontext(_NO_SPAN)
        attributes: dict[str, str | int] = {telemetry.PARTITION: str(record.partition), telemetry.OFFSET: record.offset}
        failed = h.text(record.headers, h.FAILED_SPAN)
        return telemetry.process(record.topic, traceparent, {telemetry.GROUP: PROJECTIONS, **attributes}, failed)

    async def _letter(self, record: Any, hop: telemetry.Hop) -> Letter:
        event = None  # that nobody can read it may be just why the record is here
        with suppress(Undecodable):
            event = await self._decoder.decode(record.value)
            hop.about(event.correlation_id, event.type)
        return letter(record, self.belief.said(record), event)

    async def _bury(self, given_up: Iterable[GivenUp]) -> None:
        for record, error, span in given_up:
            self.given_up += 1
            with of_record(record):
                await self._burial.bury(record, error, span)
