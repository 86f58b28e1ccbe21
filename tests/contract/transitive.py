"""FULL_TRANSITIVE: every version reads what every other version wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.compatibility import incompatibilities


def breaks(schemas: Sequence[dict[str, Any]]) -> list[str]:
    """Return every reason why one of these versions (oldest first) cannot read another."""
    found: list[str] = []
    for m, newer in enumerate(schemas, start=1):
        for n, older in enumerate(schemas[: m - 1], start=1):
            found += [f"v{m} cannot read v{n}: {why}" for why in incompatibilities(newer, older)]
            found += [f"v{n} cannot read v{m}: {why}" for why in incompatibilities(older, newer)]
    return found
