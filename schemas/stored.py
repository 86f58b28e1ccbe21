"""Read JSON from the database that another version of the code may have written."""

from __future__ import annotations

from dataclasses import fields
from typing import Any


def known(kind: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a dataclass that this version knows, of what a later version may have stored."""
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in data.items() if name in names}
