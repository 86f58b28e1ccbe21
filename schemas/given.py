"""Optional values: keep only those that are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def without_none(values: Mapping[str, T | None]) -> dict[str, T]:
    """Return the values that are given, by their names and in their order."""
    return {name: value for name, value in values.items() if value is not None}
