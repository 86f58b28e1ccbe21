"""`python -m streams.backup`: which exit status says what, in words and as JSON."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.process import start
from streams.backup import __main__ as command
from streams.backup import restore
from streams.backup.keys import NO_KEYS
from streams.backup.manifest import Manifest, NotRestorable
from streams.backup.moment import NoMoment
from tests.unit.streams.backup.test_manifest import MANIFEST

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "status", "why"),
    [
        (NotRestorable("it is damaged"), start.FAILED, "it is damaged"),
        (NoMoment("a rebuild is under way"), start.FAILED, "a rebuild is under way"),
        (FileExistsError("it is there already"), start.FAILED, "it is there already"),
        (FULL, start.FAILED, "OSError: [Errno 28] No space left on device"),
        (ConnectionRefusedError("nobody\n  listens"), command.AWAY, "ConnectionRefusedError: nobody listens"),
    ],
)
async def test_a_refusal_and_a_full_disk_are_told_from_a_server_that_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, status: int, why: str
) -> None:
    async def act(_given: object, _folder: Path) -> int:
        raise error

    monkeypatch.setattr("sys.argv", ["backup", "make", "there", command.JSON])

    assert await command._act(act, Path("there"), None) == status
    assert json.loads(capsys.readouterr().out) == {"ok": False, "error": why}


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Callable[[Manifest], None]:
    """Have every backup be whole, and as the manifest says."""
    return lambda manifest: monkeypatch.setattr(restore, "check", lambda _folder, _keys: manifest)


async def test_a_check_says_how_much_there_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], whole: Callable[[Manifest], None]
) -> None:
    whole(MANIFEST)
    monkeypatch.setattr("sys.argv", ["backup", "check", "there", command.JSON])

    assert await command._check(NO_KEYS, Path("there")) == start.DONE

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["rows"], told["records"]) == (True, MANIFEST.rows, MANIFEST.records)
    assert told["size"] == sum(kept.size for kept in MANIFEST.files)
    assert told["encrypted"] is bool(MANIFEST.recipients)


async def test_a_pair_of_keys_is_made_and_only_the_public_one_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["backup", "key", "secret", command.JSON])

    assert await command._key(None, tmp_path / "secret") == start.DONE

    public = json.loads(capsys.readouterr().out)["recipient"]
    secret = (tmp_path / "secret").read_text("utf-8")
    assert public.startswith("age1")
    assert "AGE-SECRET-KEY-" in secret
    assert "AGE-SECRET-KEY-" not in public


@pytest.mark.parametrize("words", [[], ["make"], ["make", "a", "b"], ["--json"], ["delete", "a"]])
def test_wrong_use_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["backup", *words])

    assert command.main() == start.REFUSED
    assert capsys.readouterr().err == f"{command.USAGE}\n"
