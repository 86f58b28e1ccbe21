"""This system, of the working tree or of another folder of its repository, in processes of its own."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.cost import database, requests
from bench.systems.system import Address, Running

ROOT: Final = Path(__file__).parents[2]
_HOST: Final = Path(__file__).with_name("hosted.py")
#: A plan is done when its Phase 1 and its five tasks can be read: no less, and no more.
QUESTION: Final = """
    select p.plan_id::text as plan_id,
           extract(epoch from greatest(t.at, pg_xact_commit_timestamp(p.xmin)))::float8 as at
      from rm.plan p
      join lateral (select count(*) as tasks, max(pg_xact_commit_timestamp(xmin)) as at
                      from rm.task where plan_id = p.plan_id) t on true
     where p.plan_id = any($1::uuid[]) and p.phase1 is not null and t.tasks = 5
"""


@dataclass
class Hosted:
    """The process that runs one system (hosted.py), with a way to send it commands."""

    process: subprocess.Popen[str]
    folder: Path
    key: str
    root: Path
    address: Address | None = None

    def ask(self, **command: object) -> dict[str, Any]:
        """Send one command and return the answer. Raises RuntimeError if the process has ended."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """Return the next line that it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the system in {self.root} has ended: its logs are in {self.folder}/logs")
        found: dict[str, Any] = json.loads(line)
        return found

    @property
    def at(self) -> Address:
        if self.address is None:
            env: dict[str, str] = self.ask(do="state")["env"]
            self.address = Address(
                url=env["MARKETPLACE_URL"],
                key=self.key,
                database=env["MARKETPLACE_DATABASE_URL"],
                question=QUESTION,
                requests=self.folder / "requests",
                env=env,
                root=self.root,
            )
        return self.address

    def prepare(self, count: int) -> list[str]:
        plans: list[str] = self.ask(do="prepare", count=count)["plans"]
        return plans

    def pids(self) -> dict[str, int]:
        found: dict[str, int] = self.ask(do="state")["pids"]
        return {**found, "supervisor": self.process.pid}

    def restarts(self) -> dict[str, int]:
        found: dict[str, int] = self.ask(do="state")["restarts"]
        return found


@dataclass
class Ours:
    """Runs this system by the code in `root`. `settings` are given to the database, `env` to the processes.

    `without`: processes that are not started.
    """

    name: str = "this system"
    root: Path = ROOT
    settings: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()
    durable: str = "the decision and its event in Postgres, flushed; events in the log of one broker"

    @contextmanager
    def start(self, folder: Path) -> Iterator[Running]:
        """Start all of it; it ends with the context."""
        key = "mrs_bench_" + secrets.token_urlsafe(32)
        env = {
            "MARKETPLACE_BOOTSTRAP_KEY": key,
            "MARKETPLACE_LIMITS": "commands=off,reads=off,uploads=off",
            "MARKETPLACE_CONNECTIONS_OF_ONE": "4000",
            "MARKETPLACE_LOG": "json",
            "OPENAI_API_KEY": "",
            "OPENAI_BASE_URL": "",
            **requests.environment(folder / "requests"),
            **self.env,
        }
        settings = {**database.SETTINGS, **self.settings}
        told = {"folder": str(folder), "key": key, "env": env, "database": settings, "without": list(self.without)}
        process = subprocess.Popen(
            [sys.executable, "-c", _HOST.read_text("utf-8"), json.dumps(told)],
            cwd=self.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        hosted = Hosted(process, folder, key, self.root)
        try:
            hosted.answer()
            yield hosted
        finally:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.wait()
            process.stdout.close()
