"""JSON that a person gives: what is none is said, with what it should be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from gateway.cli.commands.editing import edited
from gateway.cli.failures import Exit, Failure


def given(file: str) -> dict[str, object]:
    return edited(file, {}, what="payload", form="It looks like an event.")


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_only_python_takes_for_a_number_is_refused(tmp_path: Path, constant: str) -> None:
    file = tmp_path / "payload.json"
    file.write_text(f'{{"n": {constant}}}', "utf-8")

    with pytest.raises(Failure, match="The payload is not valid JSON") as refused:
        given(str(file))

    assert refused.value.detail == f"{constant} is no number in JSON"


@pytest.mark.parametrize("where", ["file", "pipe"])
def test_bytes_that_are_no_text_are_refused_wherever_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    file = tmp_path / "payload.json"
    file.write_bytes(b'{"n": "\xff"}')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes()), "utf-8"))

    with pytest.raises(Failure, match="cannot be read") as refused:
        given(str(file) if where == "file" else "-")

    assert refused.value.exit_status is Exit.USAGE


def test_an_object_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"n": 1.5}'))
    assert given("-") == {"n": 1.5}
