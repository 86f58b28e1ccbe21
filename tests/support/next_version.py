"""The next version of this system, for a rolling deploy: its own tree, with a newer schema of three events.

It reads and writes `note` in plan.phase1.created (its worker writes a text), and in plan.approved and
analysis.requested (left at its default), and brings an expanding migration and another body of a function of the
database. Every event that it writes of these has a schema id that the version before does not know.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from schemas.catalogue import versions
from schemas.process.version import DISTRIBUTION

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "streams", "projections", "gateway", "local")
EVENTS = ("plan.phase1.created", "plan.approved", "analysis.requested")
NOTE = "made by the next version"
FUNCTION = "functions/decide/run_all.sql"
VERSION = "9.9.0"
_FIELD = {"name": "note", "type": "string", "default": "", "doc": "What the next version has to say."}
_HANDLER = Path("streams/phase1/handler.py")
_BEFORE = '"plan_id": plan_id,\n            "origin"'


def make(folder: Path) -> Path:
    """Write the tree into a new folder; processes run from there with it as their working directory."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    project = f'[project]\nname = "{DISTRIBUTION}"\nversion = "{VERSION}"\n'
    (folder / "pyproject.toml").write_text(project, "utf-8")
    avro = folder / "schemas" / "avro"
    for event in EVENTS:
        newest = versions()[event][-1]
        schema = {**newest.raw, "fields": [*newest.raw["fields"], _FIELD]}
        (avro / f"{event}.v{newest.version + 1}.avsc").write_text(json.dumps(schema, indent=1), "utf-8")
    handler = folder / _HANDLER
    text = handler.read_text("utf-8")
    assert text.count(_BEFORE) == 1, "the handler has changed: say how the next version differs"
    handler.write_text(text.replace(_BEFORE, f'"note": "{NOTE}",\n            {_BEFORE}'), "utf-8")
    changes = folder / "schemas" / "database" / "migrations"
    (changes / "9990_pre_note.sql").write_text(
        "alter table rm.plan add column note text not null default '';\n", "utf-8"
    )
    (changes / "9991_post_note.sql").write_text("comment on column rm.plan.note is 'contracted';\n", "utf-8")
    function = folder / "schemas" / "database" / FUNCTION
    function.write_text(function.read_text("utf-8").replace("\nbegin\n", f"\nbegin\n    -- {NOTE}\n", 1), "utf-8")
    command = [sys.executable, "-m", "projections.migrate", "--seal"]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, check=True)
    return folder
