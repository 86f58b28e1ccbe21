"""Keys of the local system: made once for a data folder, readable by its owner alone.

Those of producers sign events; those of secrets encrypt what the database keeps of them.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from schemas.signing import SECRET_BYTES

NAME: Final = "signing.keys"
#: Of secrets in the database; outside of its folder, of which copies are made.
OF_SECRETS: Final = "secret.keys"


def keys_file(data_dir: Path, name: str = NAME) -> Path:
    """Return the file with the keys, and make it where there is none: whole, or not at all."""
    file = data_dir / name
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(f"local-1 {secrets.token_hex(SECRET_BYTES)}\n")
            out.flush()
            os.fsync(out.fileno())
        new.rename(file)
    return file
