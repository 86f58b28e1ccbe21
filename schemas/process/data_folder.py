"""Where the system of this machine keeps its data: a checkout in itself, an installed package with the user's data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schemas.process.version import checkout


def data_folder(env: Mapping[str, str]) -> Path:
    """Return MARKETPLACE_DATA, else `.local` of the checkout, else `marketplace` in the user's data folder."""
    if env.get("MARKETPLACE_DATA"):
        return Path(env["MARKETPLACE_DATA"]).absolute()
    root = checkout()
    if root is not None:
        return root / ".local"
    users = Path(env.get("XDG_DATA_HOME") or Path(env.get("HOME") or Path.home()) / ".local" / "share")
    return users.absolute() / "marketplace"
