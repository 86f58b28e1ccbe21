"""Thousands of drawn requests against the API's own document: what it says is taken is taken, and nothing else is.

schemathesis draws them. It lives in an environment of its own, by hashes, that goes with the test.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.scenarios.conftest import KEY
from tests.support.patience import PATIENCE_S
from tests.support.systems import Systems

HERE = Path(__file__).parent
#: At least so many; fewer while one mends something.
CASES = int(os.environ.get("FUZZ_CASES", "10000"))
#: A key that is revoked draws 401 from then on; a stream of events does not end.
LEFT_OUT = r"/api/keys|/api/events$"
UNLIMITED = "reads=off,commands=off,uploads=off,failures=off,guesses=off"
#: Seconds: as long as a document may be read, however busy the machine is. That is no measurement.
ANSWERED_S = "60"
GENERATED = re.compile(r"(\d+) generated, (\d+) passed")


@pytest.fixture
def schemathesis(tmp_path: Path) -> Path:
    """Install it; return its program."""
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=False)
    wanted = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(HERE / "schemathesis.txt")]
    python = ["--python", str(folder / "bin" / "python")]
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *python, "install", *wanted], check=True, timeout=600)
    return folder / "bin" / "schemathesis"


@pytest.mark.timeout(3600)
async def test_no_drawn_request_is_answered_otherwise_than_is_said(
    tmp_path: Path, systems: Systems, schemathesis: Path, random_source: Callable[[], int]
) -> None:
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_LIMITS": UNLIMITED}
    async with systems.system(tmp_path / "data", env) as stack:
        url = stack.env["MARKETPLACE_URL"]
        command = [str(schemathesis), "--config-file", str(HERE / "schemathesis.toml"), "run", f"{url}/openapi.json"]
        command += ["--header", f"Authorization: Bearer {KEY}", "--exclude-path-regex", LEFT_OUT]
        command += [
            "--checks",
            "all",
            "--phases",
            "coverage,fuzzing,stateful",
            "--max-examples",
            str(max(1, CASES // 100)),
        ]
        within = ["--request-timeout", ANSWERED_S, "--max-response-time", ANSWERED_S]
        command += ["--continue-on-failure", *within, "--seed", str(random_source())]
        hooks = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")}
        done = subprocess.run(
            command, cwd=tmp_path, env=hooks, capture_output=True, text=True, timeout=3000, check=False
        )
        well = httpx.get(f"{url}/health/ready", timeout=PATIENCE_S)

    said = done.stdout[-20_000:]
    assert done.returncode == 0, said
    drawn = GENERATED.search(done.stdout)
    assert drawn is not None, said
    assert int(drawn[1]) == int(drawn[2]) >= CASES, said
    assert well.status_code == 200
