"""A module of ours as a process of its own, as operators and scripts run it: to its end, with what it said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.child import Command
from tests.support.nursery import Nursery, forkable
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]
#: Where those begin that are begun as forks; None where tests have no nursery.
begins_in: Nursery | None = None


def run(
    module: str,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    inherited: bool = True,
    said: str = "",
    cwd: Path = ROOT,
) -> Done:
    """Run `python -m module`. `env`: beside what these tests have, or all of it; `said`: what the process reads.

    Some begin as forks where that is the same: in another folder it is another tree's module.
    """
    command = Command((sys.executable, "-m", module, *arguments), cwd=cwd)
    environment = {**(os.environ if inherited else {}), **(env or {})}
    if begins_in is not None and cwd == ROOT and forkable(command, environment):
        return begins_in.run(command, environment, said, PATIENCE_S)
    return subprocess.run(
        command.argv,
        env=environment,
        cwd=cwd,
        input=said,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def told_by(module: str, *arguments: str, env: Mapping[str, str]) -> dict[str, Any]:
    """Run it with `--json`; return what it tells. It must end well."""
    done = run(module, *arguments, "--json", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
