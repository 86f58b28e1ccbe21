"""sloth makes the rules of budgets that are committed, to the byte: of deploy/slo, in the version that is pinned."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_rules_are_what_sloth_makes(tmp_path: Path) -> None:
    sloth = subprocess.run([ROOT / ".ci" / "sloth"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    made = tmp_path / "slo.yml"
    specification = ROOT / "deploy" / "slo" / "marketplace.yml"
    subprocess.run([sloth, "generate", "-i", specification, "-o", made], check=True)
    assert made.read_text("utf-8") == (ROOT / "deploy" / "prometheus" / "rules" / "slo.yml").read_text("utf-8")
