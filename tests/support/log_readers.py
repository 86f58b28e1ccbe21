"""Readers of the log as the comparison has them, for tests that look at what stands there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from projections.settings import Settings
from projections.verify.expected import Report
from projections.verify.log_reader import LogReader
from projections.verify.unread import Unread
from schemas.wire import Codec


def reader_of(settings: Settings, codec: Codec) -> LogReader:
    """Return a reader of all parts, which knows of no letter."""

    async def none(_: Collection[str]) -> Mapping[str, bool]:
        return {}

    report = Report()
    return LogReader(settings, codec, report, Unread(none, report, 0))
