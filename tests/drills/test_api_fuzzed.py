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

from gateway.access.key_text import split
from gateway.access.roles import Role
from tests.scenarios.conftest import KEY
from tests.support.patience import PATIENCE_S
from tests.support.systems import Systems

HERE = Path(__file__).parent
#: At least so many; fewer while one mends something.
CASES = int(os.environ.get("FUZZ_CASES", "10000"))
#: A stream of events does not end; tests/integration/gateway/test_gateway_live.py asks for it.
LEFT_OUT = r"/api/events$"
#: The part of all cases that one of the lower roles draws: what is refused is refused by one line for all of them.
OF_A_ROLE = 10
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


@pytest.mark.timeout(5400)
async def test_no_drawn_request_is_answered_otherwise_than_is_said(
    tmp_path: Path, systems: Systems, schemathesis: Path, random_source: Callable[[], int]
) -> None:
    """By an admin, and by a key of each other role: its refusals are as they are said, too."""
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_LIMITS": UNLIMITED}
    async with systems.system(tmp_path / "data", env) as stack:
        url = stack.env["MARKETPLACE_URL"]
        # keys are drawn, too: those that draw are spared
        keys = {role: made(url, role) for role in (Role.VIEWER, Role.ANALYST, Role.OPERATOR)}
        spared = [split(key)[0] for key in (KEY, *keys.values())]
        done = draw(schemathesis, tmp_path, url, KEY, CASES, random_source(), spared)
        held = {
            role: draw(schemathesis, tmp_path, url, key, CASES // OF_A_ROLE, random_source(), spared)
            for role, key in keys.items()
        }
        well = httpx.get(f"{url}/health/ready", timeout=PATIENCE_S)

    assert held_to(done) >= CASES
    for role in keys:
        assert held_to(held[role]) >= CASES // OF_A_ROLE
    assert well.status_code == 200


def made(url: str, role: Role) -> str:
    """Make a key of a role."""
    headers = {"authorization": f"Bearer {KEY}"}
    body = {"name": f"draws as {role}", "role": role}
    return str(httpx.post(f"{url}/api/keys", json=body, headers=headers, timeout=PATIENCE_S).json()["key"])


def draw(
    program: Path, folder: Path, url: str, key: str, cases: int, seed: int, spared: list[str]
) -> subprocess.CompletedProcess[str]:
    """Have requests drawn with a key."""
    command = [str(program), "--config-file", str(HERE / "schemathesis.toml"), "run", f"{url}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {key}", "--exclude-path-regex", LEFT_OUT, "--checks", "all"]
    command += ["--phases", "coverage,fuzzing,stateful", "--max-examples", str(max(1, cases // 100))]
    command += ["--request-timeout", ANSWERED_S, "--max-response-time", ANSWERED_S]
    command += ["--continue-on-failure", "--seed", str(seed)]
    env = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py"), "SPARED_KEYS": " ".join(spared)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=3000, check=False)


def held_to(done: subprocess.CompletedProcess[str]) -> int:
    """Return how many requests were drawn, none of which was answered otherwise than is said."""
    said = done.stdout[-20_000:]
    assert done.returncode == 0, said
    drawn = GENERATED.search(done.stdout)
    assert drawn is not None, said
    assert int(drawn[1]) == int(drawn[2]), said
    return int(drawn[1])
