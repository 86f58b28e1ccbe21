"""What the repository's host runs: one command of ours a job, from fixed parts, with no right to change anything."""

import importlib.util
import json
import re
import shlex
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped] # it has no types

from bench import speed

ROOT: Final = Path(__file__).resolve().parents[2]
WORKFLOW: Final[dict[Any, Any]] = yaml.safe_load((ROOT / ".github" / "workflows" / "gate.yml").read_text("utf-8"))
JOBS: Final[dict[str, dict[str, Any]]] = WORKFLOW["jobs"]
_SHIPPED_BY = importlib.util.find_spec("check_jsonschema")
assert _SHIPPED_BY is not None
assert _SHIPPED_BY.origin is not None
SCHEMA: Final = Path(_SHIPPED_BY.origin).parent / "builtin_schemas" / "vendor" / "github-workflows.json"


def last_command(name: str) -> list[str]:
    """Return the words of the command for which a job is there: its last one."""
    return shlex.split(JOBS[name]["steps"][-1]["run"])


def violations(document: dict[Any, Any]) -> list[str]:
    """Return what is wrong by the schema of workflows. YAML 1.1 takes their key `on` for a truth value."""
    named = {"on" if key is True else key: value for key, value in document.items()}
    found = Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).iter_errors(named)
    return [f"{'.'.join(map(str, error.path))}: {error.message[:200]}" for error in found]


def test_it_is_valid() -> None:
    assert violations(WORKFLOW) == []


@pytest.mark.parametrize("change", [{"jobs": {}}, {"permission": {}}, {"jobs": {"gate": {"runs-on": 5}}}])
def test_the_schema_finds_what_is_wrong(change: dict[str, object]) -> None:
    assert violations({**WORKFLOW, **change}) != []


def test_each_job_runs_one_command_that_is_run_by_hand_too() -> None:
    assert {name: last_command(name)[:2] for name in JOBS} == {
        "gate": [".ci/run"],
        "benchmark": ["make", "bench"],
        "drills": ["make", "drills"],
    }
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"bench", "drills"} <= set(targets)
    assert (ROOT / ".ci" / "run").is_file()


def test_the_benchmark_names_parts_and_a_whole_commit() -> None:
    earlier = JOBS["benchmark"]["env"]["EARLIER"]
    assert re.fullmatch(r"[0-9a-f]{40}", earlier)
    arguments = last_command("benchmark")[2].removeprefix("ARGS=").replace("$EARLIER", earlier)
    options = speed.read_options(shlex.split(arguments))
    assert options.against == earlier
    assert options.parts == ["idle", "closed", "open"]
    assert options.size == "quick"
    assert options.peers == []


def test_nothing_in_it_can_move_or_change_the_repository() -> None:
    used = [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]
    assert len(used) == len(JOBS)
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name)] == []
    assert {re.fullmatch(r"debian:\d+\.\d+-slim", job["container"]) is not None for job in JOBS.values()} == {True}
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert [name for name, job in JOBS.items() if "permissions" in job] == []
    assert {
        step["with"]["persist-credentials"] for job in JOBS.values() for step in job["steps"] if "with" in step
    } == {False}


def test_no_job_waits_for_ever() -> None:
    assert [name for name, job in JOBS.items() if not 60 <= job["timeout-minutes"] <= 120] == []
