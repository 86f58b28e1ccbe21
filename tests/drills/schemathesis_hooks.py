"""What schemathesis draws that is no other request than one that fits: it is not sent.

A multipart form has no lists. A field that is drawn as a list of one value is sent as that value, and as an empty list
is not sent at all: `anyway=[true]` fits no schema, and what arrives is `anyway=true`, which does. Lists of several
values are sent, for a field that is given twice has to be refused.
"""

from __future__ import annotations

from typing import Any

import schemathesis

#: The fields of our forms that are lists, and are repeated.
LISTS = frozenset({"channels", "map"})


@schemathesis.hook  # type: ignore[untyped-decorator] # it has no place in the tests' environment
def filter_case(_context: Any, case: Any) -> bool:
    """Say whether a case is to be sent."""
    if not str(case.media_type or "").startswith("multipart/") or not isinstance(case.body, dict):
        return True
    return not any(
        isinstance(value, list) and len(value) <= 1 for name, value in case.body.items() if name not in LISTS
    )
