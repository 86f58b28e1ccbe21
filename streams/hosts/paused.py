"""Stop taking records while the feature flag `queue_processing` is off."""

from __future__ import annotations

from typing import Final

#: Switched off, nothing is taken from the topics: what waits there waits on.
QUEUE_PROCESSING: Final = "queue_processing"
