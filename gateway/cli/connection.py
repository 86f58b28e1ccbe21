"""Where the gateway is and which key opens it: the environment first, else the system that runs on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.access.key_text import new_key
from schemas.process.data_folder import data_folder

ROOT: Final = Path(__file__).resolve().parents[2]
DEFAULT_URL: Final = "http://127.0.0.1:8080"
STATE_FILE: Final = "state.json"
KEY_FILE: Final = "admin-key"


@dataclass(frozen=True, slots=True)
class Connection:
    """The gateway and the key. `url` has no slash at its end; `key` is empty if unknown; `key_from` says its source."""

    url: str
    key: str
    key_from: str


def data_dir(env: Mapping[str, str]) -> Path:
    """Return the folder of the local system."""
    return data_folder(env)


def find(env: Mapping[str, str]) -> Connection:
    """Return where to go. MARKETPLACE_URL and MARKETPLACE_API_KEY are believed before anything that is found.

    The local system's key goes to the local system only, never to another address.
    """
    folder = data_dir(env)
    known = _state(folder)
    local_url = str(known.get("MARKETPLACE_URL") or DEFAULT_URL).rstrip("/")
    url = env.get("MARKETPLACE_URL", "").rstrip("/") or local_url
    if env.get("MARKETPLACE_API_KEY"):
        return Connection(url, env["MARKETPLACE_API_KEY"], "MARKETPLACE_API_KEY")
    if url == local_url:
        for key, source in (
            (known.get("MARKETPLACE_API_KEY"), folder / STATE_FILE),
            (_read(folder / KEY_FILE), folder / KEY_FILE),
        ):
            if key:
                return Connection(url, str(key), str(source))
    return Connection(url, "", "nowhere")


def ensure_key(folder: Path) -> str:
    """Return the local system's admin key, made at the first call; the file is for its owner only."""
    file = folder / KEY_FILE
    if key := _read(file):
        return key
    folder.mkdir(parents=True, exist_ok=True)
    key = new_key()[1]
    part = folder / f".{KEY_FILE}.{os.getpid()}"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(f"{key}\n")
    try:
        os.link(part, file)  # fails where another process was quicker: then its key holds
    except FileExistsError:
        key = _read(file)
    finally:
        part.unlink()
    return key


def local_environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return the MARKETPLACE_* variables of the system on this machine; none where none was ever started."""
    return {name: str(value) for name, value in _state(data_dir(env)).items()}


def _state(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    env = found.get("env") if isinstance(found, dict) else None
    return env if isinstance(env, dict) else {}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
