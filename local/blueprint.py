"""Which processes make up the system, what each needs before it starts, and what it is told."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from local import probes
from local.broker import Broker
from local.environment import told
from local.ports import PortError, free_port, is_free
from local.postgres import Postgres
from local.server import Server
from local.service import Service
from local.signing_keys import OF_SECRETS, keys_file
from local.state import ROOT, default_data_dir
from schemas.belief import Mode
from schemas.process import key_settings, metrics, signing

HOST = "127.0.0.1"
PREFERRED = {"gateway": 8080}
#: The processes with a page of metrics of their own.
MEASURED = ("worker", "runner", "projections", "pump", "watchdog", "alerts")
PORTS = ("postgres", "broker", "controller", "registry", "gateway", *(f"metrics-{name}" for name in MEASURED))

Report = Callable[[str], None]


@dataclass(frozen=True)
class Unit:
    """A process of the stack. It starts once everything in `needs` is ready, or done if it runs only once."""

    server: Server
    needs: tuple[str, ...] = ()
    once: bool = False

    @property
    def name(self) -> str:
        return self.server.name


@dataclass(frozen=True)
class Module:
    """A Python module that runs as a process. `path` is asked over HTTP to learn whether it serves."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("migrate", "provision")
    once: bool = False
    path: str = ""


MODULES = (
    Module("registry", "local.registry", needs=("postgres",), path="/status/ready"),
    Module("migrate", "projections.migrate", needs=("postgres",), once=True),
    Module("provision", "streams.provision", ("apply",), needs=("broker", "registry", "migrate"), once=True),
    Module("gateway", "gateway", path="/health/live"),
    Module("worker", "streams.worker"),
    Module("runner", "streams.runner"),
    Module("projections", "projections"),
    Module("pump", "streams.pump"),
    Module("watchdog", "streams.watchdog"),
    Module("alerts", "gateway.alerts", needs=("migrate",)),
)
NAMES = ("postgres", "broker", *(module.name for module in MODULES))


@dataclass(frozen=True)
class Blueprint:
    """The units in the order of their start, and what clients need to know of them."""

    units: list[Unit]
    skipped: dict[str, str]  # name -> the module that is not there
    ports: dict[str, int]
    env: dict[str, str]
    urls: dict[str, str]


def draw(
    data_dir: Path,
    names: Sequence[str],
    env: Mapping[str, str],
    report: Report,
    gateway_port: int | None = None,
    *,
    own: Mapping[str, Mapping[str, str]] | None = None,
) -> Blueprint:
    """Plan the processes in `names` (of NAMES) for this data folder; `env` is added to each one's environment.

    `own` is added to what one process is told, by its name, such as the user that it signs in as. Raises ValueError for
    an unknown name, PortError where `gateway_port` cannot be had.
    """
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise ValueError(f"no such process: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    ports = remembered_ports(data_dir / "ports.json", report, gateway_port)
    logs = data_dir / "logs"
    postgres = Postgres(data_dir / "postgres", port=ports["postgres"], log=logs / "postgres.log")
    broker = Broker(
        data_dir / "broker", port=ports["broker"], controller_port=ports["controller"], log=logs / "broker.log"
    )
    postgres.ensure_password()  # part of the URL, so it has to be there before the server is
    urls = {
        "dashboard": f"http://{HOST}:{ports['gateway']}",
        "registry": f"http://{HOST}:{ports['registry']}",
        "broker": broker.bootstrap,
        "database": postgres.url,
    }
    environment = _environment(data_dir, urls, ports, env)
    _targets(data_dir / "metrics-targets.json", ports)
    units = [Unit(server) for server in (postgres, broker) if server.name in names]
    skipped = {}
    for module in MODULES:
        if module.name not in names:
            continue
        if not runnable(module.module):
            skipped[module.name] = module.module
            continue
        # of secrets each is told those that it needs
        of_its_own = {**told(module.name, environment), **(own or {}).get(module.name, {})}
        units.append(Unit(_service(module, data_dir, ports, of_its_own), module.needs, module.once))
    return Blueprint(units, skipped, ports, environment, urls)


def _environment(
    data_dir: Path, urls: Mapping[str, str], ports: Mapping[str, int], env: Mapping[str, str]
) -> dict[str, str]:
    """Return the settings of the whole system."""
    return {
        "MARKETPLACE_BROKERS": urls["broker"],
        "MARKETPLACE_REGISTRY_URL": urls["registry"],
        "MARKETPLACE_DATABASE_URL": urls["database"],
        "MARKETPLACE_HOST": HOST,
        "MARKETPLACE_PORT": str(ports["gateway"]),
        "MARKETPLACE_URL": urls["dashboard"],
        "MARKETPLACE_LOG": os.environ.get("MARKETPLACE_LOG") or "console",
        **_signing(data_dir, env),
        **_secret_keys(data_dir, env),
        **env,
    }


def _service(module: Module, data_dir: Path, ports: Mapping[str, int], env: Mapping[str, str]) -> Service:
    """Return a process of ours, with the files that it alone has in the data folder."""
    url = f"http://{HOST}:{ports[module.name]}{module.path}" if module.path else ""
    keeps = {"MARKETPLACE_ALERT_MEMORY": str(data_dir / "alerts")} if module.name == "alerts" else {}
    page = {metrics.PORT: str(ports[f"metrics-{module.name}"])} if module.name in MEASURED else {}
    return Service(
        module.name,
        module.module,
        *module.arguments,
        env={**page, **keeps, **env},
        log=data_dir / "logs" / f"{module.name}.log",
        probe=partial(probes.http_answers, url) if url else None,
        cwd=ROOT,
        # what runs once may take its time, and the registry has a probe
        sign=data_dir / "signs" / module.name if module.name in (*MEASURED, "gateway") else None,
    )


def _signing(data_dir: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Return where the producers' keys are: the machine's own settings, or keys that are made for this data folder."""
    known = {**os.environ, **env}
    if known.get(signing.KEYS) or known.get(signing.KEYS_FILE) or known.get(signing.MODE) == Mode.OFF:
        return {}
    return {signing.KEYS_FILE: str(keys_file(data_dir))}


def _secret_keys(data_dir: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Return where the keys of secrets are: the machine's own settings, or keys made for this data folder."""
    known = {**os.environ, **env}
    if known.get(key_settings.KEYS) or known.get(key_settings.KEYS_FILE):
        return {}
    return {key_settings.KEYS_FILE: str(keys_file(data_dir, OF_SECRETS))}


def _targets(file: Path, ports: Mapping[str, int]) -> None:
    """Write where Prometheus finds the processes, in the form of its `file_sd_configs`."""
    found = [{"targets": [f"{HOST}:{ports[f'metrics-{name}']}"], "labels": {"process": name}} for name in MEASURED]
    file.write_text(json.dumps(found, indent=1), encoding="utf-8")


def runnable(module: str) -> bool:
    """Tell whether `python -m module` would find something to run."""
    try:
        spec = importlib.util.find_spec(module)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{module}.__main__")
    except ModuleNotFoundError:
        return False
    return spec is not None


def remembered_ports(file: Path, report: Report, gateway_port: int | None = None) -> dict[str, int]:
    """Return the same ports as at the last start, except those that something else has taken since.

    `gateway_port` is the gateway's for this start only: without it the next one has the port that it had before.
    Raises PortError where it is taken.
    """
    if gateway_port is not None and not is_free(gateway_port):
        raise PortError(
            f"MARKETPLACE_PORT is {gateway_port}, and the gateway cannot listen there: "
            "stop what uses that port, or give another one"
        )
    try:
        known: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        known = {}
    ports: dict[str, int] = {}
    # Only the system of the project's own folder asks for the well-known port: many others may start at one moment, and
    # all would find it free.
    preferred = PREFERRED if file.parent == default_data_dir() else {}
    for name in PORTS:
        if name == "gateway" and gateway_port is not None:
            continue
        asked = () if gateway_port is None else (gateway_port,)
        ports[name] = free_port(known.get(name) or preferred.get(name), but=(*ports.values(), *asked))
        if name in known and ports[name] != known[name]:
            report(f"port {known[name]} of {name} is taken by something else; it uses {ports[name]} now")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({**known, **ports}), encoding="utf-8")
    return ports if gateway_port is None else {**ports, "gateway": gateway_port}
