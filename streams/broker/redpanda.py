"""How a Redpanda is told from a Kafka, by what both say of themselves in Kafka's protocol."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: How the id of its clusters begins, and settings of topics that no Kafka has.
CLUSTER_IDS: Final = "redpanda."
_OWN: Final = "redpanda."
_CACHING: Final = "write.caching"


def is_redpanda(cluster_id: str, settings: Iterable[str] = ()) -> bool:
    """Say whether it is one; `settings` are names of those that topics have."""
    return cluster_id.startswith(CLUSTER_IDS) or any(name == _CACHING or name.startswith(_OWN) for name in settings)
