"""The topics that are projected, and their order in the numbers of leases."""

from __future__ import annotations

from typing import Final

from projections.dead_letters.burial import DEAD_LETTERS
from schemas.topics import GOODS_EVENTS, PLAN_EVENTS, SYSTEM_EVENTS, TASK_EVENTS

TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS, GOODS_EVENTS, SYSTEM_EVENTS, *DEAD_LETTERS)
#: A topic that is new stands last, so that two versions that run side by side number all others alike.
LEASE_ORDER: Final = (*sorted(set(TOPICS) - {GOODS_EVENTS}), GOODS_EVENTS)
