"""Numbers the set of functions after a change: `python -m projections.migrate --seal`."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

from schemas.database import Files, Seal, files

_TEXT: Final = """\
# Which set of functions this is. The number rises with every change, so that no older version puts its functions back;
# `python -m projections.migrate --seal` writes both lines. After a merge conflict: keep the higher number, seal again.
number = {number}
digest = "{digest}"
"""


def sealed(of: Files) -> Seal:
    """Return the seal that fits the functions: the one they have, or the next number."""
    digest = of.functions_digest
    return of.seal if digest == of.seal.digest else Seal(of.seal.number + 1, digest)


def write(path: Path | None = None) -> Seal:
    """Seal the functions of the source tree; one that is sealed stays as it is."""
    seal = sealed(files())
    path = path or Path(str(resources.files("schemas.database") / "functions" / "set.toml"))
    path.write_text(_TEXT.format(number=seal.number, digest=seal.digest), "utf-8")
    return seal
