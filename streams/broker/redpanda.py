"""Tells Redpanda from Apache Kafka by their answers in Kafka's protocol, and lists what Redpanda refuses."""

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


def refused_min_insync(said: int | None) -> tuple[str, str] | None:
    """Return what is wrong with MARKETPLACE_MIN_INSYNC on a Redpanda, and what to do about it; None where nothing is.

    A Redpanda takes the setting and does not keep to it. `said`: None where the variable is not set.
    """
    if said is None or said <= 1:
        return None
    seen = f"MARKETPLACE_MIN_INSYNC is {said}, and Redpanda has no such setting"
    return seen, "unset it: most of the copies have a record in any case"
