"""Faust's commit rule, mended.

faust-streaming 0.15.3 can commit past a message that is still in flight: its check for a gap before the first
acknowledged message is off by one and is missing where nothing was committed yet (its issue 606). And it knows only of
messages that an agent has taken: one that still waits for the agent, behind one that takes long or while the host is
paused, is passed over where the next message concerns nobody and is acknowledged at once. Here an offset is committed
only up to the oldest message that was handed over and is not acknowledged. A test holds this to the exact version.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final
from weakref import WeakSet

import faust
from faust.transport.drivers.aiokafka import Consumer, Transport

from schemas.process.crashpoints import crashpoint

MENDED_VERSION: Final = "0.15.3"


class SafeConsumer(Consumer):
    """Commits nothing that is not done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # weak: what Faust drops when partitions are taken away holds nothing up
        self._handed_over: defaultdict[Any, WeakSet[Any]] = defaultdict(WeakSet)

    def hand_over(self, message: Any) -> None:
        """Note a message that goes to the agents from here: it is in flight until it is acknowledged."""
        self._handed_over[message.tp].add(message)

    def _new_offset(self, tp: Any) -> int | None:
        taken = [m for m in list(self._unacked_messages) if m.tp == tp]
        in_flight = [m.offset for m in (*taken, *list(self._handed_over[tp])) if not m.acked]
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
