"""The Dockerfile as steps, and the same steps done in a folder: the engine is missing, not what it would run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from deploy.select_packages import entries
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
#: Seconds that a step may take: an environment for Python takes four, and two minutes where many others work.
STEP_S: Final = 4 * PATIENCE_S


def instructions(text: str) -> list[tuple[str, str]]:
    """Return (instruction, arguments) of a Dockerfile, with continued lines joined and comments gone."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in joined.splitlines())]


STEPS = instructions((ROOT / "deploy" / "Dockerfile").read_text("utf-8"))


@dataclass
class Stage:
    """What a stage has made: its files below `root`, its working directory and its environment."""

    root: Path
    work: Path
    env: dict[str, str] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """Return a text with the absolute paths of the image as paths below `root`."""
        return re.sub(r"(?<![\w./])/(?=(opt|dist|app|build)\b)", f"{self.root}/", text)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a shell script as the image would; `python`, `pip` and `uv` are those of .venv until it has its own."""
        base = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
        path = self.env.get("PATH", "$PATH").replace("$PATH", f"{BIN}:/usr/bin:/bin")
        env = base | self.env | {"PATH": self.here(path)}
        return subprocess.run(
            ["sh", "-c", self.here(script)],
            cwd=self.work,
            env=env,
            capture_output=True,
            text=True,
            timeout=STEP_S,
            check=False,
        )


def built(folder: Path, **arguments: str) -> Stage:
    """Do the steps of the Dockerfile below `folder`, with these build arguments; return the last stage.

    Two kinds of steps differ. Packages that pip would download, by name and hash, are linked from .venv: those and no
    others. Users are not made.
    """
    stages: dict[str, Stage] = {}
    stage = Stage(folder, folder)
    for name, rest in STEPS:
        match name:
            case "FROM":
                called = rest.split()[2] if " AS " in rest else "last"
                root = folder / called
                root.mkdir(parents=True)
                stage = stages[called] = Stage(root, root)
            case "ARG":
                variable, _, default = rest.partition("=")
                stage.env[variable] = arguments.get(variable, default.strip('"'))
            case "ENV":
                for word in shlex.split(rest):
                    variable, _, value = word.partition("=")
                    stage.env[variable] = value if variable == "PATH" else _filled(value, stage.env)
            case "WORKDIR":
                stage.work = Path(stage.here(rest))
                stage.work.mkdir(parents=True, exist_ok=True)
            case "COPY":
                _copy(stage, stages, shlex.split(rest))
            case "RUN":
                _run(stage, rest)
            case _:  # labels and what a container begins with
                pass
    return stage


def _filled(value: str, env: dict[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda found: env[found[1]], value)


def _copy(stage: Stage, stages: dict[str, Stage], words: list[str]) -> None:
    if words[0].startswith("--from="):
        other, (source, target) = stages[words[0].removeprefix("--from=")], words[1:]
        link = Path(stage.here(target))
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(other.here(source))  # scripts in it know their interpreter by its path
        return
    *sources, target = words
    for source in sources:
        place = stage.work / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / source, place)


def _run(stage: Stage, script: str) -> None:
    for part in script.split(" && "):
        if part.startswith(("groupadd", "useradd", "install ")):
            continue
        if "--require-hashes" in part:
            _link(stage, part)
            continue
        done = stage.run(part)
        assert done.returncode == 0, f"{part}\n{done.stdout}{done.stderr}"


def _link(stage: Stage, part: str) -> None:
    """Link what the lock file names into the environment whose pip was asked; that of .venv has it all."""
    words = shlex.split(stage.here(part))
    names = entries((stage.work / words[words.index("-r") + 1]).read_text("utf-8"))
    if words[0] == "pip":
        assert all(distribution(name).version for name in names)
        return
    (site,) = Path(words[0]).parents[1].glob("lib/python*/site-packages")
    for source in {found for name in names for found in _tops(name)}:
        if not (site / source.name).exists():
            (site / source.name).symlink_to(source)


def _tops(name: str) -> Iterator[Path]:
    """Yield the entries of site-packages that belong to a package."""
    found = distribution(name)
    for file in found.files or []:
        if file.parts[0] not in ("..", "__pycache__"):
            yield Path(str(found.locate_file(file.parts[0])))
