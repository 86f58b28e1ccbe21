"""Where the command line finds the gateway and its key."""

import json
import stat
from pathlib import Path

import pytest

from gateway.access.key_text import split
from gateway.cli.connection import DEFAULT_URL, Connection, ensure_key, find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def remember(folder: Path, **env: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "state.json").write_text(json.dumps({"env": env}))


def test_the_environment_is_believed_first(folder: Path) -> None:
    remember(folder, MARKETPLACE_URL="http://127.0.0.1:9", MARKETPLACE_API_KEY="local")
    env = {"MARKETPLACE_DATA": str(folder), "MARKETPLACE_URL": "http://far:1/", "MARKETPLACE_API_KEY": "mine"}
    assert find(env) == Connection("http://far:1", "mine", "MARKETPLACE_API_KEY")


def test_the_system_of_this_machine_is_found_by_its_state(folder: Path) -> None:
    remember(folder, MARKETPLACE_URL="http://127.0.0.1:9", MARKETPLACE_API_KEY="local")
    found = find({"MARKETPLACE_DATA": str(folder)})
    assert (found.url, found.key) == ("http://127.0.0.1:9", "local")


def test_the_key_file_serves_where_the_state_has_no_key(folder: Path) -> None:
    key = ensure_key(folder)
    remember(folder, MARKETPLACE_URL="http://127.0.0.1:9")
    assert find({"MARKETPLACE_DATA": str(folder)}) == Connection("http://127.0.0.1:9", key, str(folder / "admin-key"))


def test_the_local_key_goes_to_no_other_address(folder: Path) -> None:
    ensure_key(folder)
    remember(folder, MARKETPLACE_URL="http://127.0.0.1:9", MARKETPLACE_API_KEY="local")
    found = find({"MARKETPLACE_DATA": str(folder), "MARKETPLACE_URL": "http://127.0.0.1:10"})
    assert (found.url, found.key) == ("http://127.0.0.1:10", "")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"env": 3}', "\x00"])
def test_an_unreadable_state_is_no_state(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "state.json").write_text(text)
    assert find({"MARKETPLACE_DATA": str(folder)}) == Connection(DEFAULT_URL, "", "nowhere")


def test_the_key_is_made_once_and_is_for_its_owner_only(folder: Path) -> None:
    key = ensure_key(folder)
    assert key == ensure_key(folder)
    assert split(key)
    assert stat.S_IMODE((folder / "admin-key").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["admin-key"]
