"""What schemathesis draws that is no other request than one that fits: it is not sent.

A multipart form has no lists. A field that is drawn as a list of one value is sent as that value, and as an empty list
is not sent at all: `anyway=[true]` fits no schema, and what arrives is `anyway=true`, which does. Lists of several
values are sent, for a field that is given twice has to be refused.

Nor has a query: `state=` is an empty list as well as a list of a blank text, and `group=true` is the text that it says.

The keys that draw are spared, too: one that is revoked, or has another secret, would draw 401 from then on.
"""

from __future__ import annotations

import os
from typing import Any

import schemathesis

#: The fields of our forms that are lists, and are repeated.
LISTS = frozenset({"channels", "map"})
#: Public ids of the keys that draw.
SPARED = frozenset(os.environ.get("SPARED_KEYS", "").split())


@schemathesis.hook  # type: ignore[untyped-decorator] # it has no place in the tests' environment
def filter_case(_context: Any, case: Any) -> bool:
    """Say whether a case is to be sent."""
    if case.method != "GET" and (case.path_parameters or {}).get("key_id") in SPARED:
        return False
    if any(_fits(parameter, case.query or {}) for parameter in case.operation.query):
        return False
    if not str(case.media_type or "").startswith("multipart/") or not isinstance(case.body, dict):
        return True
    return not any(
        isinstance(value, list) and len(value) <= 1 for name, value in case.body.items() if name not in LISTS
    )


def _fits(parameter: Any, query: dict[str, Any]) -> bool:
    """Say whether what was drawn for a list in the query is sent as a list that fits."""
    schema = parameter.definition.get("schema", {})
    drawn = query.get(parameter.name)
    if schema.get("type") != "array" or drawn is None:
        return False
    blank = isinstance(drawn, list) and any(isinstance(one, str) and not one.strip(" ,") for one in drawn)
    return blank or isinstance(drawn, bool | int | float)
