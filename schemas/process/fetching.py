"""How long a broker may wait for new records before it answers a fetch.

aiokafka has one such question under way for each broker. A partition whose records are not taken yet is left out of it,
and is asked for once it is answered: so that question is to be answered soon (FETCH_WAIT_MS). One that asks for all
partitions is answered as soon as there is a record in any: it may be kept for longer (IDLE_WAIT_MS), and a system
without work asks less often.

And while records of a partition lie here that were not taken, it asks for nothing for a tenth of a second. Who takes
records in small portions (`unhindered`) has it ask for the others sooner (LYING_S). At once would be too soon: what
comes a moment later for the partition that was left out waits for the answer of that question.

Not for a consumer that goes back to earlier records: a question under way asks for later ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

#: For a fetch that leaves out a partition. A record in that partition can wait as long.
FETCH_WAIT_MS: Final = 100
#: For a fetch of all partitions. A rebalance can wait as long: the broker answers requests in order.
IDLE_WAIT_MS: Final = 500
#: The same of who is no member of a group, and so waits for no rebalance.
ALONE_WAIT_MS: Final = 1000

#: For so long the others are not asked for, in seconds: few records are taken by then, and nothing is left out.
LYING_S: Final = 0.03

_MENDED: Final = "_marketplace_patience"
_PATIENT: Final = "_marketplace_idle_wait_ms"
_UNHINDERED: Final = "_marketplace_unhindered"
Consumer = TypeVar("Consumer")


def patient(consumer: Consumer, idle_ms: int = IDLE_WAIT_MS) -> Consumer:
    """Let the broker keep a fetch for all partitions of this consumer for so long; return the consumer."""
    client: Any = consumer._client  # type: ignore[attr-defined] # noqa: SLF001 - there is no other way in
    setattr(client, _PATIENT, idle_ms)
    return consumer


def unhindered(consumer: Consumer) -> Consumer:
    """Ask for the other partitions while records of some were not taken; return the consumer."""
    client: Any = consumer._client  # type: ignore[attr-defined] # noqa: SLF001 - as above
    setattr(client, _UNHINDERED, True)
    return consumer


def mend(fetcher: type[Any]) -> None:
    """Make `fetcher` (aiokafka.consumer.fetcher.Fetcher) heed `patient` and `unhindered` in the whole process; once."""
    if _MENDED in vars(fetcher):
        return
    plain: Callable[[Any, Any], tuple[Any, ...]] = fetcher._get_actions_per_node  # noqa: SLF001 - as above

    @wraps(plain)
    def actions(self: Any, assignment: Any) -> tuple[Any, ...]:
        if getattr(self._client, _UNHINDERED, False):
            for lying in self._records.values():
                if hasattr(lying, "_partition_records"):  # an error waits as long as ever
                    lying._backoff = min(lying._backoff, LYING_S)  # noqa: SLF001 - as above
        found = plain(self, assignment)
        idle_ms: int | None = getattr(self._client, _PATIENT, None)
        if idle_ms is None:
            return found
        for node, request in found[0]:
            asked = sum(len(partitions) for _, partitions in request.topics)
            # all that there are, or all that this broker has
            if asked == len(assignment.tps) or asked == sum(
                self._select_read_replica(tp) == node for tp in assignment.tps
            ):
                request._max_wait_ms = idle_ms  # noqa: SLF001 - made a moment ago, and not sent yet
        return found

    fetcher._get_actions_per_node = actions  # noqa: SLF001 - as above
    setattr(fetcher, _MENDED, plain)
