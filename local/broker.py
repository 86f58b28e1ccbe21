"""A real Kafka broker as a child process: KRaft, durable, the same data and ports at every start."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path

from local import probes
from local.broker_config import LOG4J2, Node, server_properties
from local.child import Command, Sink
from local.environment import inherited
from local.java import java
from local.kafka_jars import classpath
from local.ports import free_port
from local.server import Server
from local.startup_archive import StartupArchive

#: Further options of the broker's Java, after ours: a larger heap, or a compiler for short lives.
JVM_VARIABLE = "MARKETPLACE_BROKER_JVM"
JVM = (
    "-Xms128m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.net.preferIPv4Stack=true",
    # Warnings of the virtual machine about what Kafka does inside; they are nobody's business here.
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
)


class Broker(Server):
    """One broker, alone or as a node of a Cluster.

    `data_dir` is made and formatted at the first start. `port` is where clients connect (a free one if not given).
    `prefix` is a command that runs the broker's command in another place, such as a network namespace. `formatting`:
    further options of the first start, such as users.
    """

    prefix: tuple[str, ...] = ()
    formatting: tuple[str, ...] = ()

    def __init__(  # noqa: PLR0913 - what differs between brokers, named at the call
        self,
        data_dir: Path,
        *,
        port: int | None = None,
        controller_port: int | None = None,
        node: Node | None = None,
        cluster_id: str | None = None,
        name: str = "broker",
        log: Path | None = None,
        sink: Sink | None = None,
    ) -> None:
        if node is None:
            port = port or free_port(but=[controller_port] if controller_port else [])
            controller = controller_port or free_port(but=[port])
            node = Node(id=1, port=port, controller_port=controller, quorum={1: controller})
        self.node = node
        self.name = name
        self.data_dir = data_dir.absolute()
        self.log = log or self.data_dir / "broker.log"
        self.sink = sink
        self._cluster_id = cluster_id or new_cluster_id()
        self._archive: StartupArchive | None = None
        self._given_up = threading.Event()
        self._options = (*JVM, *os.environ.get(JVM_VARIABLE, "").split())

    @property
    def port(self) -> int:
        return self.node.port

    @property
    def bootstrap(self) -> str:
        """Return `host:port` of the broker, which clients call bootstrap servers."""
        return f"{self.node.host}:{self.node.port}"

    def prepare(self) -> None:
        """Write the configuration; format the data folder if no broker has used it.

        The first one on a machine downloads the broker, which `give_up` ends. Raises DownloadError, RuntimeError.
        """
        self._given_up.clear()
        shutil.rmtree(self._temporary, ignore_errors=True)  # native libraries that a killed broker left
        self._temporary.mkdir(parents=True)
        self._properties.write_text(server_properties(self.node, self._log_dir), encoding="utf-8")
        self._log4j.write_text(LOG4J2, encoding="utf-8")
        self._archive = StartupArchive(java(), self._options, classpath(self._given_up), self._temporary)
        if not (self._log_dir / "meta.properties").exists():
            self._format()

    def give_up(self) -> None:
        """End a download; the next `prepare` goes on with it."""
        self._given_up.set()

    def command(self) -> Command:
        assert self._archive is not None, "prepare() comes first"
        argv = self._java(self._archive.options(), "kafka.Kafka", str(self._properties))
        return Command((*self.prefix, *argv), env=inherited("broker", os.environ), cwd=self.data_dir, apart=True)

    def probe(self) -> bool:
        return probes.kafka_brokers(self.node.host, self.node.port) >= 1

    def finish(self) -> None:
        """Make the archive that quickens later starts, if this was the first run on the machine."""
        if self._archive is not None and self._archive.recorded:
            if self.sink is not None:
                self.sink("making the archive that quickens later starts (once on this machine, a few seconds)")
            self._archive.make()

    def _format(self) -> None:
        assert self._archive is not None
        shutil.rmtree(self._log_dir, ignore_errors=True)  # a format that was interrupted
        tool = (
            "kafka.tools.StorageTool",
            "format",
            "-t",
            self._cluster_id,
            "-c",
            str(self._properties),
            *self.formatting,
        )
        done = subprocess.run(
            self._java(self._archive.use(), *tool), cwd=self.data_dir, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"could not format {self._log_dir}:\n{done.stdout}{done.stderr}")

    def _java(self, archive: Sequence[str], *program: str) -> tuple[str, ...]:
        files = (f"-Dlog4j2.configurationFile={self._log4j}", f"-Djava.io.tmpdir={self._temporary}")
        jars = ":".join(map(str, classpath()))
        return (str(java()), *self._options, *archive, *files, "-cp", jars, *program)

    @property
    def _log_dir(self) -> Path:
        return self.data_dir / "data"

    @property
    def _temporary(self) -> Path:
        return self.data_dir / "tmp"

    @property
    def _properties(self) -> Path:
        return self.data_dir / "server.properties"

    @property
    def _log4j(self) -> Path:
        return self.data_dir / "log4j2.properties"


def new_cluster_id() -> str:
    """Return 16 random bytes as Kafka's tool prints them; no dash in front, which the tool takes for an option."""
    while True:
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not made.startswith("-"):
            return made
