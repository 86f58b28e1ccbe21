"""Makes the golden files of event versions that have none: `python -m tests.contract.make_golden`, or `make golden`.

An example that stands there is never changed: it is what was once in the log. Whoever wants words of their own in a new
one writes its JSON file first; its bytes and its sums are made from that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import textwrap
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fastavro import schemaless_writer

from schemas.catalogue import SchemaVersion, versions
from schemas.events import derive_id
from tests.contract.golden import AVRO, EXAMPLES, JSON, SUMS

#: A value for each plain type, where no other example has a field of that name and type.
PLAIN: Final = {"string": "exemplo", "int": 1, "long": 1, "float": 0.5, "double": 0.5, "boolean": True, "null": None}
#: Characters in a line of bytes, as text.
WIDTH: Final = 100


def make(folder: Path, schemas: Iterable[SchemaVersion]) -> list[str]:
    """Write what is missing of these versions, and add its sums; return the names of the files."""
    made: list[str] = []
    for schema in schemas:
        json_file, avro_file = (folder / f"{schema.type}.v{schema.version}{suffix}" for suffix in (JSON, AVRO))
        if avro_file.exists():
            continue
        if not json_file.exists():
            record = _record(schema, _examples(folder, schema.type.partition(".")[0]))
            json_file.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")
        out = BytesIO()
        schemaless_writer(out, schema.parsed, json.loads(json_file.read_text("utf-8")), strict=True)
        text = base64.b64encode(out.getvalue()).decode()
        avro_file.write_text("\n".join(textwrap.wrap(text, WIDTH)) + "\n", "ascii")
        made += [avro_file.name, json_file.name]
    _add_sums(folder, made)
    return made


def _examples(folder: Path, subject: str) -> list[dict[str, Any]]:
    """Return the examples of a subject, such as plan, in the order of their names."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob(f"{subject}.*{JSON}"))]


def _record(schema: SchemaVersion, others: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an example: each field as in the example that has most of the fields, else a plain value."""
    fields = {field["name"]: field["type"] for field in schema.parsed["fields"]}
    named: dict[str, Any] = {}
    ranked = sorted(others, key=lambda other: -len(fields.keys() & other.keys()) + len(other.keys() - fields.keys()))
    record = {
        name: next((o[name] for o in ranked if name in o and _fits(o[name], type_)), _value(type_, named))
        for name, type_ in fields.items()
    }
    return record | {"event_id": derive_id(f"{schema.type}.v{schema.version}", "golden")}


def _fits(value: Any, type_: Any) -> bool:
    """Return whether a value may stand for a plain type; what is nested is made anew."""
    return isinstance(type_, str) and type_ in PLAIN and type(value) is type(PLAIN[type_])


def _value(type_: Any, named: dict[str, Any]) -> Any:
    """Return a value of an Avro type. `named` has the records of the schema by their full names."""
    match type_:
        case [*branches]:
            return _value(next(branch for branch in branches if branch != "null"), named)
        case {"type": "record", "name": name, "fields": fields}:
            named[name] = type_
            return {field["name"]: _value(field["type"], named) for field in fields}
        case {"type": "array", "items": items}:
            return [_value(items, named)]
        case {"type": "map", "values": values}:
            return {"exemplo": _value(values, named)}
        case {"type": inner}:
            return _value(inner, named)
    return PLAIN[type_] if type_ in PLAIN else _value(named[type_], named)


def _add_sums(folder: Path, names: Iterable[str]) -> None:
    """Add the sums of new files. A line that stands there stays as it is."""
    sums = folder / SUMS.name
    lines = sums.read_text("ascii").splitlines() if sums.exists() else []
    known = {line.split()[1] for line in lines}
    lines += [f"{_digest(folder / name)}  {name}" for name in names if name not in known]
    sums.write_text("".join(f"{line}\n" for line in sorted(lines, key=lambda line: line.split()[1])), "ascii")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    names = make(EXAMPLES, [schema for of_type in versions().values() for schema in of_type])
    print("\n".join(f"made {name}" for name in names) or "every version of every event has its golden files")
    sys.exit(0)
