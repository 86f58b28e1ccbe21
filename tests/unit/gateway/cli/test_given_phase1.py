"""The file of `approve --phase1`, and what is sent of it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from gateway.cli.commands.given_phase1 import read
from gateway.cli.failures import Exit, Failure, Refused

TASKS = {"tasks": [{"title": "Refazer as fotos"}]}


def test_the_reason_of_the_command_line_serves_where_the_file_has_none(tmp_path: Path) -> None:
    file = tmp_path / "fase1.json"
    file.write_text(json.dumps(TASKS), "utf-8")
    assert read(str(file), "pressa") == {"reason": "pressa", **TASKS}
    file.write_text(json.dumps({**TASKS, "reason": "do arquivo"}), "utf-8")
    assert read(str(file), "pressa")["reason"] == read(str(file), "")["reason"] == "do arquivo"


def test_it_is_read_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(TASKS)))
    assert read("-", "pressa")["tasks"] == TASKS["tasks"]


@pytest.mark.parametrize("content", [b"[]", b'"tasks"', b"{", b"\xff\xfe", b"", b'{"tasks": NaN}'])
def test_what_is_no_object_is_refused_with_what_it_should_be(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "fase1.json"
    file.write_bytes(content)
    with pytest.raises(Failure) as refused:
        read(str(file), "pressa")
    assert refused.value.exit_status is Exit.USAGE
    assert '"tasks"' in refused.value.detail


def test_somebody_has_to_say_why(tmp_path: Path) -> None:
    file = tmp_path / "fase1.json"
    file.write_text(json.dumps(TASKS), "utf-8")
    with pytest.raises(Failure) as refused:
        read(str(file), "")
    assert "--reason" in refused.value.detail


def test_every_wrong_value_is_told() -> None:
    """The text of a problem names only the first three values; the command shows all of them."""
    errors = [{"path": f"phase1.tasks.{n}.title", "message": "is missing"} for n in range(5)]
    refused = Refused({"title": "Invalid values", "detail": "three of them", "errors": errors}, 422)
    assert refused.hints == ("phase1.tasks.3.title: is missing", "phase1.tasks.4.title: is missing")
