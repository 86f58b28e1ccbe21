"""An entry of the command line names the machine's user, and says that it is one."""

from __future__ import annotations

import pwd
import socket
from typing import Any

import pytest

from schemas.process.audited import actor


def nobody(_: int) -> Any:
    raise KeyError("getpwuid(): uid not found: 10001")


def test_it_is_the_user_of_the_machine_and_not_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "the-boss")
    monkeypatch.setenv("LOGNAME", "the-boss")
    monkeypatch.setattr("os.getuid", lambda: pwd.getpwnam("nobody").pw_uid)
    assert actor() == f"machine:nobody@{socket.gethostname()}"


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 10001)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert actor() == f"machine:10001@{socket.gethostname()}"
