"""A decision that failed because a row stands in the outbox where its event belongs: nobody of ours decided that row.

A decision takes the next version of its stream under the lock of the head, so no other decision has that version.
"""

from __future__ import annotations

from typing import Final

import asyncpg

#: The constraints by which a row stands in another one's way.
_OF_OUTBOX: Final = frozenset({"outbox_stream_version_key", "outbox_event_id_key"})


def is_in_the_way(error: BaseException) -> bool:
    """Say whether this is the failure of such a decision."""
    return isinstance(error, asyncpg.UniqueViolationError) and error.constraint_name in _OF_OUTBOX
