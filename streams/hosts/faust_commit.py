"""Faust's commit rule, mended.

faust-streaming 0.15.3 can commit past a message that is still in flight: its check for a gap before the first
acknowledged message is off by one and is missing where nothing was committed yet (its issue 606). Here an offset is
committed only up to the oldest message that is not acknowledged. A test holds this to the exact version.
"""

from __future__ import annotations

from typing import Any, Final

import faust
from faust.transport.drivers.aiokafka import Consumer, Transport

from schemas.process.crashpoints import crashpoint

MENDED_VERSION: Final = "0.15.3"


class SafeConsumer(Consumer):
    """Commits nothing that is not done."""

    def _new_offset(self, tp: Any) -> int | None:
        in_flight = [m.offset for m in list(self._unacked_messages) if m.tp == tp and not m.acked]
        acked = self._acked[tp]
        if in_flight and acked:
            oldest = min(in_flight)
            later = [offset for offset in acked if offset > oldest]
            if later:
                acked[:] = [offset for offset in acked if offset < oldest]
                try:
                    offset: int | None = super()._new_offset(tp)
                finally:
                    acked.extend(later)
                return offset
        result: int | None = super()._new_offset(tp)
        return result

    async def _commit_offsets(self, offsets: Any, start_new_transaction: bool = True) -> bool:
        crashpoint("worker.before_commit")
        did_commit: bool = await super()._commit_offsets(offsets, start_new_transaction)
        crashpoint("worker.committed")
        return did_commit


class SafeTransport(Transport):
    """Faust's transport with the mended consumer."""

    Consumer = SafeConsumer


def check_version() -> None:
    """Raise RuntimeError where the installed Faust is not the one that this file was written for."""
    if faust.__version__ != MENDED_VERSION:
        raise RuntimeError(
            f"streams/hosts/faust_commit.py mends faust-streaming {MENDED_VERSION}, not {faust.__version__}:"
            " read its _new_offset again before you go on"
        )
