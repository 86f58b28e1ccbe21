"""What is shown to somebody is read through what he may see: who reads past it is named here, and why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import gateway

ROOT: Final = Path(gateway.__file__).parent
#: Modules that use the pool itself. What they read goes to nobody who is confined, or was looked for at the door.
PAST_IT: Final = frozenset(
    {
        "audit/writing.py",
        "commands/deciding.py",
        "http/door.py",
        "operations/alerting.py",
        "operations/discarding.py",
        "operations/letters.py",
        "operations/mending.py",
        "operations/recovering.py",
        "operations/system_changes.py",
        "routes/health.py",
        "running.py",
        "ui/pages/history.py",
        "ui/pages/mapping.py",
        "uploads/goods_kept.py",
        "uploads/goods_upload.py",
        "uploads/other_channels.py",
        "uploads/proposing.py",
        "uploads/upload_team.py",
        "uploads/uploading.py",
    }
)


def test_nobody_else_reads_past_what_is_seen() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if re.search(r"services\.pool\b", path.read_text("utf-8"))
    }
    assert found == PAST_IT
