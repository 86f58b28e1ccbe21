"""The costs that are kept beside the code. `python -m bench size --from FILE --write` keeps newer ones."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from gateway.sizing.measured import Measured

FILE: Final = Path(__file__).with_name("measured.toml")


def measured(file: Path = FILE) -> Measured:
    """Return what is kept in the file."""
    found: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    return Measured(**found)
