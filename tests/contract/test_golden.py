"""What was once in the log is readable for ever, with the newest code. Golden files are added, never changed."""

from __future__ import annotations

import hashlib
import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastavro import schemaless_writer

from schemas.catalogue import SchemaVersion, newest, versions
from schemas.events import ENVELOPE, derive_id
from schemas.fit import compile_fit
from schemas.wire import Codec, as_record, from_record
from tests.contract.golden import AVRO, EXAMPLES, JSON, SUMS, Golden, golden
from tests.contract.make_golden import make

SCHEMAS = [schema for of_type in versions().values() for schema in of_type]
ALL = [golden(schema.type, schema.version) for schema in SCHEMAS]
FRAME = b"\0\0\0\0\7"


def listed() -> dict[str, str]:
    """Return file name -> SHA-256 as noted when the file was added."""
    return {name: digest for digest, name in (line.split() for line in SUMS.read_text("ascii").splitlines())}


def changed(folder: Path, sums: dict[str, str]) -> list[str]:
    return [
        name
        for name, digest in sums.items()
        if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]


def decode(example: Golden) -> dict[str, object]:
    raw = next(s.raw for s in versions()[example.type] if s.version == example.version)
    codec = Codec({}, {7: (example.type, raw)})
    return as_record(codec.decode(FRAME + example.body))


def with_defaults(example: Golden) -> dict[str, object]:
    """Return the record as the newest reader sees it: with the defaults of the fields that came later."""
    found: dict[str, object] = _completed(example.record, newest(example.type).raw, {})
    return found


def _completed(value: Any, schema: Any, named: dict[str, Any]) -> Any:
    """Return a value with what its schema has and it lacks. `named`: the records that are known by now."""
    match schema:
        case {"type": "record", "name": name, "fields": fields}:
            named[name] = named[f"{schema.get('namespace', '')}.{name}"] = schema
            return {
                f["name"]: _completed(value[f["name"]], f["type"], named) if f["name"] in value else f.get("default")
                for f in fields
            }
        case {"type": "array", "items": items}:
            return [_completed(one, items, named) for one in value]
        case [*branches]:
            return value if value is None else _completed(value, next(b for b in branches if b != "null"), named)
        case str() if schema in named:
            return _completed(value, named[schema], named)
    return value


def test_no_golden_file_has_changed_or_gone() -> None:
    assert changed(EXAMPLES, listed()) == []


def test_a_changed_golden_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}\n", "utf-8")
    sums = {"a.json": hashlib.sha256(b"{}\n").hexdigest(), "gone.json": "0" * 64}
    assert changed(tmp_path, sums) == ["gone.json"]
    (tmp_path / "a.json").write_text("{} \n", "utf-8")
    assert changed(tmp_path, sums) == ["a.json", "gone.json"]


def test_every_golden_file_is_listed_and_has_its_schema() -> None:
    expected = {f"{s.type}.v{s.version}{suffix}" for of in versions().values() for s in of for suffix in (JSON, AVRO)}
    assert {file.name for file in EXAMPLES.iterdir()} - {SUMS.name} == set(listed()) == expected


@pytest.mark.parametrize("example", ALL, ids=str)
def test_golden_bytes_decode_to_the_golden_json(example: Golden) -> None:
    assert decode(example) == with_defaults(example)


@pytest.mark.parametrize("example", ALL, ids=str)
def test_golden_json_encodes_to_the_golden_bytes(example: Golden) -> None:
    schema = next(s for s in versions()[example.type] if s.version == example.version)
    out = BytesIO()
    schemaless_writer(out, schema.parsed, example.record)
    assert out.getvalue() == example.body


@pytest.mark.parametrize("example", [g for g in ALL if g.version == newest(g.type).version], ids=str)
def test_the_newest_goes_there_and_back(example: Golden) -> None:
    codec = Codec({("t", example.type): 7}, {7: (example.type, newest(example.type).raw)})
    event = from_record(example.type, dict(example.record))
    assert codec.encode("t", event) == FRAME + example.body
    assert codec.decode(codec.encode("t", event)) == event


@pytest.mark.parametrize("example", ALL, ids=str)
def test_examples_are_plausible(example: Golden) -> None:
    record = example.record
    assert tuple(record)[: len(ENVELOPE)] == ENVELOPE
    assert record["version"] >= 1
    assert 1_700_000_000_000_000 < record["occurred_at"] < 2_000_000_000_000_000
    assert record["correlation_id"] in (record.get("plan_id"), record.get("source"))
    assert record.get("priority", "high") in ("high", "normal", "low")


def test_nothing_is_made_where_all_is_there(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES, tmp_path / "examples")

    assert make(folder, SCHEMAS) == []
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == {f.name: f.read_bytes() for f in EXAMPLES.iterdir()}


@pytest.mark.parametrize("missing", [g for g in ALL if g.type in {"plan.approved", "breaker.opened"}], ids=str)
def test_what_is_missing_is_made_and_nothing_else_is_touched(tmp_path: Path, missing: Golden) -> None:
    folder = shutil.copytree(EXAMPLES, tmp_path / "examples")
    names = [f"{missing}{AVRO}", f"{missing}{JSON}"]
    for name in names:
        (folder / name).unlink()
    kept = [line for line in SUMS.read_text("ascii").splitlines() if line.split()[1] not in names]
    (folder / SUMS.name).write_text("".join(f"{line}\n" for line in kept), "ascii")

    assert make(folder, SCHEMAS) == names

    sums = {name: digest for digest, name in (line.split() for line in (folder / SUMS.name).read_text().splitlines())}
    assert sums.keys() == listed().keys()
    assert changed(folder, sums) == []
    assert {name for name in listed() if sums[name] != listed()[name]} <= set(names)
    test_examples_are_plausible(golden(missing.type, missing.version, folder))


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda s: f"{s.type}.v{s.version}")
def test_an_example_that_is_made_is_of_its_schema(tmp_path: Path, schema: SchemaVersion) -> None:
    make(tmp_path, [schema])
    made = golden(schema.type, schema.version, tmp_path)

    assert compile_fit(schema.parsed)(made.record) is None
    assert decode(made) == with_defaults(made)


def test_a_json_file_that_a_person_wrote_is_kept_and_its_bytes_are_made(tmp_path: Path) -> None:
    cancelled = golden("plan.cancelled", 1)
    own = json.dumps({**cancelled.record, "reason": "own words"})
    (tmp_path / f"{cancelled}{JSON}").write_text(own, "utf-8")

    make(tmp_path, [s for s in SCHEMAS if s.type == "plan.cancelled"])

    assert (tmp_path / f"{cancelled}{JSON}").read_text("utf-8") == own
    assert decode(golden("plan.cancelled", 1, tmp_path))["reason"] == "own words"


def test_a_changed_example_gets_no_new_sum(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES, tmp_path / "examples")
    name = f"plan.cancelled.v1{AVRO}"
    (folder / name).unlink()
    (folder / f"plan.cancelled.v1{JSON}").write_text(json.dumps(golden("plan.rejected", 1).record), "utf-8")

    make(folder, SCHEMAS)

    assert changed(folder, listed()) == [name, f"plan.cancelled.v1{JSON}"]
    assert (folder / SUMS.name).read_bytes() == SUMS.read_bytes()


def test_ids_are_derived_as_ever() -> None:
    """Downstream knows a repeated fact by its id: the way an id is derived is a part of the storage format."""
    approved = golden("plan.approved", 1).record
    created = golden("plan.phase1.created", 1).record
    task = golden("task.created", 1).record
    assert derive_id(approved["event_id"], "phase1", 0) == created["event_id"]
    assert derive_id(approved["event_id"], "task", 1) == task["task_id"]
    assert derive_id("a", "b") == "6ab11bb1-da4f-5e1c-adf1-1a3494c39148"
