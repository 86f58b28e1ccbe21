"""Phase 1 as a person gives it with `approve --phase1 FILE`."""

from __future__ import annotations

from typing import Any, Final

from gateway.cli.commands.editing import parsed, text_of
from gateway.cli.failures import Exit, Failure

_SHAPE: Final = (
    'It is one JSON object: {"tasks": [{"title": "..."}, ...]}, with name, weeks, investment, expectedImpact if wanted.'
)


def read(file: str, reason: str) -> dict[str, Any]:
    """Return the `phase1` of an approval from its file; the given reason is used if the file has none.

    Raises Failure where it is no JSON object, or nobody says why.
    """
    try:
        found = parsed(text_of(file))
    except (OSError, ValueError) as error:  # a byte that is not UTF-8 is a ValueError, too
        raise Failure(f"{file} cannot be read", f"{error}. {_SHAPE}", exit_status=Exit.USAGE) from None
    if not isinstance(found, dict):
        raise Failure(f"{file} has no Phase 1", _SHAPE, exit_status=Exit.USAGE)
    phase1 = {"reason": reason, **found}
    if not phase1["reason"]:
        raise Failure("Say why", "Give --reason: it is kept in the plan's history.", exit_status=Exit.USAGE)
    return phase1
