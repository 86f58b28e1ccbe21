"""The document of the log is valid by AsyncAPI's own tool. It comes from npm: without that nothing is said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gateway.http.asyncapi import document

TOOL = "@asyncapi/cli@6.2.0"


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """AsyncAPI's command, installed for this test alone: 440 MB, no scripts of packages are run."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"{TOOL} comes from npm, which is not here: the document of the log was NOT validated")
    folder = tmp_path_factory.mktemp("asyncapi")
    options = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--prefix", str(folder)]
    subprocess.run([npm, "install", *options, TOOL], check=True)
    return folder / "node_modules" / ".bin" / "asyncapi"


@pytest.fixture
def validate(tool: Path, tmp_path: Path) -> Any:
    """Return what the tool says of a document, and its exit status; nobody is told that it was run."""
    env = {**os.environ, "HOME": str(tmp_path), "NODE_ENV": "development", "CI": "true"}
    subprocess.run([tool, "config", "analytics", "--disable"], env=env, check=True, capture_output=True)

    def run(made: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "asyncapi.json"
        file.write_text(json.dumps(made), "utf-8")
        said = [str(tool), "validate", str(file), "--fail-severity=warn"]
        return subprocess.run(said, env=env, check=False, capture_output=True, text=True)

    return run


@pytest.mark.timeout(1800)
def test_the_document_of_the_log_is_valid_and_one_with_a_mistake_is_not(validate: Any) -> None:
    made = document("1.2.3")
    found = validate(made)
    assert (found.returncode, "is valid" in found.stdout) == (0, True), found.stdout + found.stderr

    made["channels"]["plan_events"]["messages"]["lost"] = {"$ref": "#/components/messages/no_such_event"}
    found = validate(made)
    assert found.returncode != 0, "the tool says nothing of a reference that leads nowhere"
    assert "no_such_event" in found.stdout + found.stderr
