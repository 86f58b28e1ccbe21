"""The data of this machine's system never lands among installed packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli.connection import data_dir
from local.state import default_data_dir
from schemas.process import data_folder
from schemas.process.version import checkout

ROOT = Path(__file__).parents[4]


def test_a_checkout_keeps_it_in_itself() -> None:
    assert checkout() == ROOT
    assert data_folder.data_folder({}) == ROOT / ".local"


@pytest.mark.parametrize(
    ("env", "folder"),
    [
        ({"HOME": "/home/ana"}, "/home/ana/.local/share/marketplace"),
        ({"HOME": "/home/ana", "XDG_DATA_HOME": "/srv/ana"}, "/srv/ana/marketplace"),
        ({"HOME": "/home/ana", "MARKETPLACE_DATA": "/srv/mine"}, "/srv/mine"),
    ],
)
def test_what_is_installed_keeps_it_with_the_users_data(
    env: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_folder, "checkout", lambda: None)
    assert data_folder.data_folder(env) == Path(folder)


def test_the_command_and_the_local_system_mean_the_same_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MARKETPLACE_DATA", str(tmp_path / "mine"))
    assert data_dir({"MARKETPLACE_DATA": str(tmp_path / "mine")}) == default_data_dir() == tmp_path / "mine"
