"""Looks for insecure code with bandit: `python -m tests.support.insecure`, a part of `make check`.

A finding is mended, or its line says why it is none: by the remark that ruff's rule of the same number asks for
(`# noqa: S608 - constants only`). What ruff does not find, and is none, is named below. `[tool.bandit]` of
pyproject.toml has the rules that are off, each with its reason. Exit status 1 and a line for each finding.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
#: What serves people, and what starts it; `bench` and `tests` are apart, as for ruff.
LOOKED_AT: Final = ("schemas", "streams", "projections", "gateway", "local", "deploy")
#: Findings that are none: rule and file, or folder -> why.
NAMED: Final[Mapping[tuple[str, str], str]] = {
    ("B105", "deploy/grafana/make_dashboards.py"): "it is a query of Prometheus that speaks of tokens of a model",
    ("B310", "deploy/healthy.py"): "the address is of this container and begins with http://127.0.0.1",
    ("B604", "gateway/cli/commands/completion.py"): "`shell` is the name of a shell, and starts none",
    ("B608", "gateway/alerts/reminder_queue.py"): "it joins constants of the same file",
    ("B608", "gateway/uploads/mapping_store.py"): "it joins constants of the same file",
    ("B608", "projections/reads/seen.py"): "it joins constants of the same file",
    ("B603", "local/"): "it starts programs of this machine, without a shell, by arguments of its own",
    ("B311", "local/"): "samples and drills are drawn by a seed, to be drawn again; no secret is",
}


def findings(files: Sequence[str]) -> list[dict[str, Any]]:
    """Return what bandit finds in files and folders, as it tells it. Raises RuntimeError where it did not look."""
    command = [sys.executable, "-m", "bandit", "-q", "-c", str(ROOT / "pyproject.toml"), "-f", "json", "-r", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"bandit ended with {done.returncode}: {done.stderr[-2000:]}")
    said = json.loads(done.stdout)
    if said["errors"]:
        raise RuntimeError(f"bandit could not read {said['errors']}")
    found: list[dict[str, Any]] = said["results"]
    return found


def unexplained(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each finding that nobody gave a reason for, and for each name that nothing is found for."""
    used = set()
    for one in found:
        name, rule = str(one["filename"]).removeprefix("./"), str(one["test_id"])
        named = [key for key in NAMED if key[0] == rule and name.startswith(key[1])]
        used.update(named)
        if not named and not _says_why(ROOT / name, one["line_range"], rule):
            yield f"{name}:{one['line_number']}: {rule} {one['issue_text']}"
    yield from (
        f"{name}: {rule} is named in tests/support/insecure.py, and not found" for rule, name in set(NAMED) - used
    )


def _says_why(file: Path, lines: Sequence[int], rule: str) -> bool:
    """Tell whether a statement has a remark with ruff's number of this rule, and a reason behind it."""
    remark = re.compile(rf"# noqa: (?:[A-Z]+\d+, )*S{rule[1:]}\b[A-Z0-9, ]* - \w")
    text = file.read_text("utf-8").splitlines()
    return any(remark.search(line) for line in text[min(lines) - 1 : max(lines)])


def main() -> int:
    """Print what is unexplained; return the exit status."""
    told = sorted(unexplained(findings(LOOKED_AT)))
    for line in told:
        print(line)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
