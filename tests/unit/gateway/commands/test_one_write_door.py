"""Plans and tasks are decided on through one function, whoever asks: API and pages alike."""

from __future__ import annotations

import re
from pathlib import Path

GATEWAY = Path(__file__).resolve().parents[4] / "gateway"


def test_nothing_but_the_door_runs_a_command() -> None:
    runs = re.compile(r"\bcommands\.run(_many)?\(|\bCommand\(")
    found = {str(path.relative_to(GATEWAY)) for path in GATEWAY.rglob("*.py") if runs.search(path.read_text("utf-8"))}
    assert found == {"commands/deciding.py", "commands/commands.py"}
