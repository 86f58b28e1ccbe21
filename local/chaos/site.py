"""The system that a scenario breaks: a stack of its own in a temporary folder, as the scenario needs it."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from local.chaos.apart import Apart
from local.chaos.clock import Clock
from local.chaos.contained import ip
from local.chaos.island import ISLAND, MAINLAND, Island
from local.chaos.small_disk import SmallDisk
from local.chaos.told import Receiver
from local.cluster import Cluster
from local.llm.server import StandInAgent
from local.stack import NAMES, Stack

START_S: Final = 240.0


@dataclass(frozen=True, slots=True)
class Spec:
    """What a scenario needs. Scenarios of equal specs can use one system, one after the other.

    `agent`: analyses come from a stand-in agent. `island`: three brokers, three copies of each record, two of which
    must be there, and the third broker can be cut off. `skewed`: the clocks of the Python processes can be moved.
    `small_disks`: the data of broker and database are on disks of their own, of so many MiB. `patient`: the alert
    engine waits as in an installation before it tells anybody. `apart`: the supervisor is a process of its own.
    """

    agent: bool = False
    island: bool = False
    skewed: bool = False
    small_disks: int = 0
    patient: bool = False
    apart: bool = False
    env: tuple[tuple[str, str], ...] = ()

    @property
    def contained(self) -> bool:
        """Tell whether the scenario has to run in namespaces of its own."""
        return self.island or self.small_disks > 0


@dataclass
class Site:
    """A running system. `with Site(spec) as site`: everything ends and is deleted at the end, unless `keep`."""

    spec: Spec
    keep: bool = False
    folder: Path = field(default_factory=Path)
    key: str = field(default_factory=lambda: "mrs_chaos_" + secrets.token_urlsafe(32))
    _open: ExitStack = field(default_factory=ExitStack)
    _stack: Stack | None = None
    agent: StandInAgent | None = None
    island: Island | None = None
    clock: Clock | None = None
    disks: dict[str, SmallDisk] = field(default_factory=dict)
    told: Receiver = field(init=False)

    def __post_init__(self) -> None:
        self.told = Receiver(patient=self.spec.patient)

    @property
    def stack(self) -> Stack:
        """Return the stack: the supervised processes."""
        assert self._stack is not None
        return self._stack

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="marketplace-chaos-"))
        if not self.keep:
            self._open.callback(shutil.rmtree, self.folder, ignore_errors=True)
        env = {
            "MARKETPLACE_BOOTSTRAP_KEY": self.key,
            "MARKETPLACE_LIMITS": "commands=off,reads=off",
            **dict(self.spec.env),
        }
        names = list(NAMES)
        if self.spec.agent:
            self.agent = self._open.enter_context(StandInAgent())
            env |= {"OPENAI_BASE_URL": self.agent.base_url, "OPENAI_API_KEY": ""}
        else:
            # whatever the caller's shell has: drills call nobody outside
            env |= {"OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""}
        if self.spec.contained:
            ip("link", "set", "lo", "up")
        env |= self._open.enter_context(self.told).env(self.folder)
        if self.spec.island:
            names.remove("broker")
            env |= self._three_brokers()
        if self.spec.skewed:
            self.clock = Clock(self.folder / "clock")
            env |= self.clock.env
        data = self.folder / "data"
        if self.spec.small_disks:
            for name in ("broker", "postgres"):
                self.disks[name] = self._open.enter_context(SmallDisk(data / name, self.spec.small_disks))
        self._stack = Apart(data, env=env) if self.spec.apart else Stack(data, names, env=env)
        self._open.callback(self._stack.stop)
        self._stack.start(START_S)

    def _three_brokers(self) -> dict[str, str]:
        self.island = self._open.enter_context(Island())
        cluster = Cluster(self.folder / "cluster", 3, hosts={1: MAINLAND, 2: MAINLAND, 3: ISLAND})
        cluster.brokers[2].prefix = self.island.prefix
        self._open.enter_context(cluster)
        return {
            "MARKETPLACE_BROKERS": cluster.bootstrap,
            "MARKETPLACE_REPLICATION": "3",
            "MARKETPLACE_MIN_INSYNC": "2",
        }
