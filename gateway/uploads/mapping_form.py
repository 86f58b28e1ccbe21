"""The mapping in a form: JSON, `field=column`, or the dropdowns of a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from gateway.intake import ADDED_UP, ANY_TABLE, IGNORE, Mappings, choosable_fields
from gateway.uploads.multipart import Form

#: The fields of a form that tell of columns.
FIELDS: Final = frozenset({"mapping", "map", "pick", "taken"})
#: Tables of one document that are mapped; a workbook has no more that are alike sales.
MAX_TABLES: Final = 20
MAX_COLUMNS: Final = 500
_SHAPE: Final = 'takes JSON: {"<headerId of the table>": {"<column>": "<field>"}}'

Wrong = list[tuple[str, str]]


def given_mappings(form: Form, wrong: Wrong) -> Mappings:
    """Return the mappings that the form gives; what cannot be read is added to `wrong`.

    Dropdowns that say what the columns were taken for anyway (`taken`) are no mapping: a known export stays one.
    """
    found: Mappings = {}
    if text := form.one("mapping").strip():
        found |= _of_json(text, wrong)
    if pairs := form.fields.get("map", []):
        found[ANY_TABLE] = _of_pairs(pairs, wrong)
        if len(found) > 1:
            wrong.append(("map", "is given beside mapping: give one of them"))
    try:
        picks = of_picks(form.fields.get("pick", []))
    except ValueError:
        wrong.append(("pick", "is what a dropdown of our page sends"))
        picks = {}
    taken = of_taken(form)
    for header_id, columns in picks.items():
        as_read = taken.get(header_id, {})
        changed = {column: field for column, field in columns.items() if as_read.get(column) != field}
        if ADDED_UP in changed.values():  # those that are so already are added to the one that became so
            changed |= {column: field for column, field in columns.items() if field == ADDED_UP}
        found[header_id] = checked_columns(changed, "pick", wrong)
    return {header_id: columns for header_id, columns in found.items() if columns}


def checked_columns(columns: object, path: str, wrong: Wrong) -> dict[str, str]:
    """Return column -> field where it is a mapping of known fields; else {} and what is wrong with it."""
    if not isinstance(columns, dict) or not all(isinstance(v, str) and k for k, v in columns.items()):
        wrong.append((path, _SHAPE))
        return {}
    if len(columns) > MAX_COLUMNS:
        wrong.append((path, f"has more than {MAX_COLUMNS} columns"))
        return {}
    known = [choice["field"] for choice in choosable_fields()]
    strange = [field for field in columns.values() if field not in known and field != IGNORE]
    wrong += [(path, f"'{f[:40]}' is no field. There are: {', '.join((*known, IGNORE))}") for f in strange[:3]]
    used = [field for field in columns.values() if field not in (IGNORE, ADDED_UP)]
    twice = sorted({field for field in used if used.count(field) > 1} - set(strange))
    wrong += [(path, f"gives the field {field} to two columns") for field in twice]
    return columns


def _of_json(text: str, wrong: Wrong) -> Mappings:
    try:
        data: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        data = None
    if not isinstance(data, dict) or len(data) > MAX_TABLES:
        wrong.append(("mapping", f"{_SHAPE}, of {MAX_TABLES} tables at most"))
        return {}
    return {header_id: checked_columns(columns, "mapping", wrong) for header_id, columns in data.items()}


def _of_pairs(pairs: Iterable[str], wrong: Wrong) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not (field and equals and column):
            wrong.append(("map", f"'{pair[:60]}' is not like price=valor_total: a field, =, and a column's name"))
        elif column in found:
            wrong.append(("map", f"gives the column {column[:60]} to two fields"))
        else:
            found[column] = field
    return checked_columns(found, "map", wrong)


def of_taken(form: Form) -> Mappings:
    """Return what the tables' columns were taken for when the page was made, of those that ask nobody."""
    found: Mappings = {}
    for text in form.fields.get("taken", []):
        try:
            said: Any = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if isinstance(said, dict):
            found |= {header: columns for header, columns in said.items() if isinstance(columns, dict)}
    return found


def of_picks(picks: Iterable[str]) -> Mappings:
    """Read what the dropdowns of a page send, one `[headerId, column, field]` each. Raises ValueError for else."""
    found: Mappings = {}
    for pick in picks:
        parts = orjson.loads(pick)
        if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(part, str) for part in parts):
            raise ValueError("a pick is a list of three texts")
        header_id, column, field = parts
        found.setdefault(header_id, {})[column] = field
    return found
