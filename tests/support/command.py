"""`marketplace` as people and scripts use it: in the tests' process, or alone where that is the point.

A process imports for a second what a test has imported long ago. What it reads and says, and how it ends, is the same
(tests/integration/cli/test_main_job.py).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.cli.terminal import Terminal
from tests.support.module import Done, run


def within(arguments: tuple[str, ...], env: Mapping[str, str], said: str = "") -> Done:
    """Run a command here; what it does not handle is the test's error."""
    told = {**_without_ours(), **env}
    terminal = Terminal(told)
    try:
        done = CliRunner(env={name: told.get(name) for name in {*os.environ, *told}}).invoke(
            app, list(arguments), input=said, obj=terminal, prog_name="marketplace", catch_exceptions=False
        )
    finally:
        if "client" in terminal.__dict__:
            with terminal.client:
                pass  # left, it closes its connections, which otherwise go with the process
    return subprocess.CompletedProcess(["marketplace", *arguments], done.exit_code, done.stdout, done.stderr)


def alone(arguments: tuple[str, ...], env: Mapping[str, str], said: str = "") -> Done:
    """Run a command as a process of its own; `said` is what it reads."""
    return run("gateway.cli", *arguments, env={**_without_ours(), **env}, inherited=False, said=said)


def _without_ours() -> dict[str, str]:
    # nor the width of the terminal from which the tests were started
    return {
        name: value for name, value in os.environ.items() if not name.startswith("MARKETPLACE_") and name != "COLUMNS"
    }
