"""Keys from the environment: those that sign events, and those that encrypt secrets in the database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from schemas.process.settings import SettingsError
from schemas.sealing import KEY_BYTES
from schemas.signing import Keys, parse

KEYS: Final = "MARKETPLACE_SECRET_KEYS"
KEYS_FILE: Final = "MARKETPLACE_SECRET_KEYS_FILE"


def keys_of(env: Mapping[str, str], variable: str, file: str) -> Keys:
    """Read keys from a variable, or else from the file that another one names. Raises SettingsError."""
    text, where = env.get(variable, ""), variable
    if not text.strip() and env.get(file):
        where = file
        try:
            text = Path(env[file]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file}: {error}") from None
    try:
        return parse(text)
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from None


def secret_keys(env: Mapping[str, str]) -> Keys:
    """Read the keys that encrypt secrets in the database: none where nobody gave any. Raises SettingsError."""
    keys = keys_of(env, KEYS, KEYS_FILE)
    for key_id, key in keys.secrets.items():
        if len(key) != KEY_BYTES:
            raise SettingsError(f"{KEYS}: key {key_id} has to have {2 * KEY_BYTES} hex digits")
    return keys
