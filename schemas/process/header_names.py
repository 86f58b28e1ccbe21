"""Header names that are not UTF-8: damage, or a producer that does not know better.

aiokafka decodes names strictly, record by record. One such name ends the reading of its partition: the position stays
before it, so every later attempt, of every reader, ends there, too. A broker does not look at names, so anybody who may
write can write one. Here they are decoded with U+FFFD in the place of what is no UTF-8, and the record goes its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import ModuleType
from typing import Any, Final

_MENDED: Final = "_marketplace_header_names"


class Lenient(bytearray):
    """Bytes of which every part can be decoded."""

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return Lenient(found) if isinstance(at, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "replace") -> str:
        return bytes(self).decode(encoding, errors)


def mend(aiokafka: ModuleType) -> None:
    """Mend a client library, once for a process; consumers that are made afterwards read all records."""
    fetcher: Any = aiokafka.consumer.fetcher
    memory: Any = aiokafka.record.memory_records
    default: Any = aiokafka.record.default_records
    util: Any = aiokafka.record.util
    if getattr(fetcher, _MENDED, False):
        return
    #: The format with headers: 2.
    with_headers = 2

    class LenientBatch(default._DefaultRecordBatchPy):  # type: ignore[misc] # noqa: SLF001 - chosen at run time
        """The library's own reader in Python, slower, with the names decoded leniently."""

        _buffer: bytearray

        def _read_msg(self, decode_varint: Any = util.decode_varint_py) -> Any:
            if not isinstance(self._buffer, Lenient):
                self._buffer = Lenient(self._buffer)
            return super()._read_msg(decode_varint)

    class Batch:
        """A batch that is read by the library's fast reader, and from a name on that this cannot read by the other."""

        def __init__(self, batch: Any, raw: memoryview) -> None:
            self._batch = batch
            self._raw = raw

        def __getattr__(self, name: str) -> Any:
            return getattr(self._batch, name)

        def __next__(self) -> Any:
            return next(self._batch)

        def __iter__(self) -> Iterator[Any]:
            read = 0
            try:
                for record in self._batch:
                    yield record
                    read += 1
            except UnicodeDecodeError:
                yield from islice(LenientBatch(self._raw), read, None)

    class Records(memory._MemoryRecordsPy):  # type: ignore[misc] # noqa: SLF001 - chosen at run time
        """The records of an answer, batch by batch."""

        def next_batch(self) -> Any:
            raw = self._next_slice
            batch = super().next_batch()
            return Batch(batch, raw) if batch is not None and batch.magic >= with_headers else batch

    fetcher.MemoryRecords = Records
    setattr(fetcher, _MENDED, True)
