"""What was once in the log is readable for ever, with the newest code. Golden files are added, never changed."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from fastavro import schemaless_writer

from schemas.catalogue import newest, versions
from schemas.events import ENVELOPE, derive_id
from schemas.wire import Codec, as_record, from_record
from tests.contract.golden import AVRO, EXAMPLES, JSON, SUMS, Golden, golden

ALL = [golden(schema.type, schema.version) for of_type in versions().values() for schema in of_type]
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
    fields = {f["name"]: f for f in newest(example.type).raw["fields"]}
    return {name: example.record.get(name, field.get("default")) for name, field in fields.items()}


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


def test_ids_are_derived_as_ever() -> None:
    """Downstream knows a repeated fact by its id: the way an id is derived is a part of the storage format."""
    approved = golden("plan.approved", 1).record
    created = golden("plan.phase1.created", 1).record
    task = golden("task.created", 1).record
    assert derive_id(approved["event_id"], "phase1", 0) == created["event_id"]
    assert derive_id(approved["event_id"], "task", 1) == task["task_id"]
    assert derive_id("a", "b") == "6ab11bb1-da4f-5e1c-adf1-1a3494c39148"
