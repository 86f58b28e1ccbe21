"""Which sessions do not wait for the disk at their commits: only those of which a crash may take the last ones back."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from local.postgres import Postgres

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "streams", "projections", "schemas")
#: file -> what is done once more after a crash of the database's server
REPEATED = {
    "gateway/alerts/__main__.py": "an event whose mark is gone is told to its webhook again, with the same id",
    "gateway/outbox/session.py": "an event whose mark is gone is published again, with the same id",
    "projections/run/connections.py": "offsets go with their rows: what is gone is projected again",
    "projections/rebuild/shadow.py": "tables that nobody reads yet: the swap waits for the disk, and for all before it",
    "schemas/process/heartbeat.py": "a heartbeat is written each second, and a row that is gone is made anew",
}
#: What asks a server for its settings, and sets none.
ASKS = {"streams/cluster/ask_others.py", "streams/cluster/judge.py"}


def test_only_these_sessions_do_not_wait_for_the_disk() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".sql"} and "synchronous_commit" in path.read_text("utf-8")
    }
    assert found == set(REPEATED) | ASKS


def test_where_nobody_asks_for_less_the_servers_wait(tmp_path: Path) -> None:
    """By their settings: the local one says so, and Compose's leaves what the server does by itself."""
    local = Postgres(tmp_path).command().argv
    assert {"fsync=on", "synchronous_commit=on"} <= set(local)
    assert not {"fsync=off", "synchronous_commit=off", "full_page_writes=off"} & set(local)
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["postgres"]
    assert re.findall(r"fsync|synchronous_commit|full_page_writes", str(compose)) == []
