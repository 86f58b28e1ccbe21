"""The model that is served on demand: what is installed is not fetched again, and what was started ends."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.evaluate.local_model import PACKAGES, installed, local_agent

ENGINE = """
import os, pathlib, types

def CommonParams():
    threads = types.SimpleNamespace()
    return types.SimpleNamespace(model=types.SimpleNamespace(), cpuparams=threads, cpuparams_batch=threads)

class Server:
    def __init__(self, params):
        pathlib.Path(params.model.path).with_name("pid").write_text(str(os.getpid()))
        self.listening_address = "ADDRESS"
"""


def packages(folder: Path, address: str) -> Path:
    (folder / "installed").write_text(" ".join(PACKAGES), encoding="utf-8")
    (folder / "model.gguf").touch()
    (folder / "xllamacpp.py").write_text(ENGINE.replace("ADDRESS", address), encoding="utf-8")
    return folder


def test_the_model_is_served_while_it_is_asked_and_ends_with_it(tmp_path: Path) -> None:
    with local_agent(packages(tmp_path, "http://127.0.0.1:9")) as settings:
        pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
        os.kill(pid, 0)

        assert (settings.base_url, settings.api_key) == ("http://127.0.0.1:9/v1", "none")

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_model_that_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="did not start"), local_agent(packages(tmp_path, "")):
        pass


def test_only_what_is_not_there_is_installed_and_a_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, len(commands) - 1, "", "no such wheel")

    monkeypatch.setattr(subprocess, "run", run)

    assert installed(tmp_path) == installed(tmp_path) == tmp_path
    assert [command[-4:] for command in commands] == [["--target", str(tmp_path), *PACKAGES]]
    (tmp_path / "installed").write_text("other versions", encoding="utf-8")
    with pytest.raises(RuntimeError, match="no such wheel"):
        installed(tmp_path)
