"""Where the runbook of a finding is: a file of the source, and a page that the gateway shows. Pure."""

from __future__ import annotations

from typing import Final

#: The pages, on the gateway.
PATH: Final = "/runbooks"
#: The files, in the source.
FOLDER: Final = "docs/runbooks/"


def source(file: str) -> str:
    """Return a runbook's place in the source; "" for none. `file`: as `dead-letters.md#something-waits`."""
    return f"{FOLDER}{file}" if file else ""


def address(file: str) -> str:
    """Return the address of a runbook's page, from its file or its place in the source; "" for none."""
    name, _, anchor = file.removeprefix(FOLDER).partition("#")
    return f"{PATH}/{name.removesuffix('.md')}" + (f"#{anchor}" if anchor else "") if name else ""
