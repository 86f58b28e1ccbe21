# noqa: INP001 - a script of the image's build, no package
"""Prints the part of a lock file that is about the named packages: `select_packages.py NAMES LOCK > SMALLER_LOCK`.

The lock file holds everything that developers need. The image takes what the processes need, with the same hashes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==")


def entries(lock: str) -> dict[str, str]:
    """Return name -> its lines in a lock file."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        pinned = _PINNED.match(line)
        if pinned is not None:
            name = re.sub(r"[._-]+", "-", pinned[1].lower())
            found[name] = found.get(name, "") + line  # twice where the version depends on the machine
        elif name and line.startswith((" ", "\t")):
            found[name] += line
    return found


def select(names: list[str], lock: str) -> str:
    """Return the entries of these packages. Raises KeyError for one that the lock file does not pin."""
    known = entries(lock)
    missing = [name for name in names if name not in known]
    if missing:
        raise KeyError(f"not in the lock file: {', '.join(missing)}")
    return "".join(known[name] for name in names)


def main() -> int:
    """Print the selection."""
    names, lock = (Path(argument).read_text("utf-8") for argument in sys.argv[1:3])
    sys.stdout.write(select(names.split(), lock))
    return 0


if __name__ == "__main__":
    sys.exit(main())
