"""The prefix of topics, groups and subjects on a cluster and a registry that other systems share.

Inside, in headers, rows, pages and metrics, names are those of topics.toml. Only the line to a broker or a registry
knows the others (schemas/process/names_on_wire.py, schemas/registry.py), and what an operator types beside it: rights,
and the document of the log. One process is one system, so it has one prefix.
"""

from __future__ import annotations

import re
from typing import Final

#: The longest; the longest name of ours behind it is far from the 249 that a broker takes.
LONGEST: Final = 100
#: Before a name of another system, as it is called here. No topic may have it, so it is nobody's name.
FOREIGN: Final = "/"
_LEGAL: Final = re.compile(r"[A-Za-z0-9._-]*")
_used = [""]


def why_not(prefix: str) -> str | None:
    """Return why a broker would not take names with this prefix, None where it does."""
    if not _LEGAL.fullmatch(prefix):
        return "give letters without accents, digits, '.', '_' and '-' alone, as in north."
    if len(prefix) > LONGEST:
        return f"give at most {LONGEST} characters"
    if prefix.startswith("__"):
        return "names that begin with __ are the broker's own"
    if prefix and not prefix.strip("."):
        return "give more than dots"
    return None


def use(prefix: str) -> None:
    """Put this prefix before every name from now on, in the whole process."""
    _used[0] = prefix


def used() -> str:
    """Return the prefix of this process; empty where there is none."""
    return _used[0]


def outside(name: str) -> str:
    """Return what a name of ours is called outside; a name that `inside` has marked is what it was."""
    return name[len(FOREIGN) :] if name.startswith(FOREIGN) else _used[0] + name


def inside(name: str) -> str:
    """Return what a name from outside is called here: without the prefix, or marked where it is not one of ours."""
    prefix = _used[0]
    return name[len(prefix) :] if name.startswith(prefix) else FOREIGN + name
