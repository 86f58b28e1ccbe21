"""Which processes there are, their ports, and what they are told."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from local.blueprint import NAMES, draw, remembered_ports, runnable
from local.ports import RANGE, PortError, asked_port, free_port, is_free
from schemas.process.key_settings import secret_keys
from schemas.signing import parse
from tests.support.module import run


def test_ports_are_remembered(tmp_path: Path) -> None:
    told: list[str] = []
    first = remembered_ports(tmp_path / "ports.json", told.append)
    assert remembered_ports(tmp_path / "ports.json", told.append) == first
    assert told == []


def test_a_port_that_was_taken_meanwhile_is_replaced_and_said(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    told: list[str] = []
    first = remembered_ports(file, told.append)
    with socket.create_server(("127.0.0.1", first["broker"])):
        second = remembered_ports(file, told.append)

    assert second["broker"] != first["broker"]
    assert {k: v for k, v in second.items() if k != "broker"} == {k: v for k, v in first.items() if k != "broker"}
    assert len(told) == 1
    assert f"port {first['broker']} of broker is taken" in told[0]
    assert json.loads(file.read_text()) == second


def test_the_gateway_gets_the_port_that_is_asked_for_and_its_own_again_without(tmp_path: Path) -> None:
    first = remembered_ports(tmp_path / "ports.json", lambda _text: None)
    asked = next(port for port in iter(free_port, 0) if port not in first.values())
    plan = draw(tmp_path, NAMES, {}, lambda _text: None, asked)

    assert plan.ports == {**first, "gateway": asked}
    assert plan.env["MARKETPLACE_PORT"] == str(asked)
    assert plan.urls["dashboard"] == plan.env["MARKETPLACE_URL"] == f"http://127.0.0.1:{asked}"
    assert remembered_ports(tmp_path / "ports.json", lambda _text: None) == first


def test_another_process_gives_way_to_the_port_that_is_asked_for(tmp_path: Path) -> None:
    first = remembered_ports(tmp_path / "ports.json", lambda _text: None)
    second = remembered_ports(tmp_path / "ports.json", lambda _text: None, first["broker"])

    assert second["gateway"] == first["broker"]
    assert second["broker"] != first["broker"]


def test_a_port_that_is_asked_for_and_taken_is_an_error_that_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=f"MARKETPLACE_PORT is {port}, and the gateway cannot listen there"):
            remembered_ports(tmp_path / "ports.json", lambda _text: None, port)
    assert not (tmp_path / "ports.json").exists()


@pytest.mark.parametrize("text", ["http", "0", "-1", "65536", "80.5", "٨٠"])
def test_a_port_that_makes_no_sense_is_an_error_that_names_the_variable(text: str) -> None:
    with pytest.raises(PortError, match=r"MARKETPLACE_PORT is .*: give a whole number from 1 to 65535"):
        asked_port({"MARKETPLACE_PORT": text})


def test_without_a_port_none_is_asked_for() -> None:
    assert asked_port({}) is asked_port({"MARKETPLACE_PORT": ""}) is None
    assert asked_port({"MARKETPLACE_PORT": "9000"}) == 9000


@pytest.mark.parametrize("module", ["local", "local.demo"])
def test_what_starts_the_system_says_that_the_port_is_taken(tmp_path: Path, module: str) -> None:
    """`make up` and `make demo`: nothing is started, no traceback."""
    action = ["--data", str(tmp_path), "up"] if module == "local" else ["--data", str(tmp_path), "--exit"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(module, *action, env={"MARKETPLACE_PORT": port})

    said = (done.stdout + done.stderr).strip().splitlines()[-1]
    assert f"MARKETPLACE_PORT is {port}, and the gateway cannot listen there" in said
    assert "Traceback" not in done.stderr
    assert done.returncode == (2 if module == "local" else 1)
    assert not (tmp_path / "state.json").exists()


def test_a_free_port_is_free_and_never_one_of_outgoing_connections() -> None:
    ports = [free_port() for _ in range(20)]

    assert all(is_free(port) for port in ports)
    assert all(port in RANGE for port in ports)
    with Path("/proc/sys/net/ipv4/ip_local_port_range").open() as file:
        assert max(ports) < int(file.read().split()[0])


def test_a_preferred_port_is_used_when_it_is_free() -> None:
    port = free_port()
    assert free_port(port) == port
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        assert free_port(port) != port


def test_every_process_is_told_the_same(tmp_path: Path) -> None:
    plan = draw(tmp_path, ["postgres", "broker", "registry"], {"EXTRA": "yes"}, lambda _text: None)

    assert [unit.name for unit in plan.units] == ["postgres", "broker", "registry"]
    assert plan.env["EXTRA"] == "yes"
    assert plan.env["MARKETPLACE_BROKERS"] == f"127.0.0.1:{plan.ports['broker']}"
    assert plan.env["MARKETPLACE_DATABASE_URL"] == plan.urls["database"]
    assert plan.env["MARKETPLACE_REGISTRY_URL"] == f"http://127.0.0.1:{plan.ports['registry']}"
    assert plan.env["MARKETPLACE_PORT"] == str(plan.ports["gateway"])


def test_needs_name_processes_that_come_before(tmp_path: Path) -> None:
    seen: set[str] = set()
    for unit in draw(tmp_path, NAMES, {}, lambda _text: None).units:
        assert set(unit.needs) <= seen
        seen.add(unit.name)


def test_an_unknown_process_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such process: gatway"):
        draw(tmp_path, ["gatway"], {}, lambda _text: None)


@pytest.mark.parametrize(
    ("module", "found"),
    [("local", True), ("local.registry", True), ("local.stack", True), ("schemas.avro", False), ("no.such", False)],
)
def test_a_module_that_is_not_there_yet_is_known(module: str, found: bool) -> None:
    assert runnable(module) is found


def test_who_writes_or_reads_events_is_told_where_the_keys_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MARKETPLACE_SIGNING", "MARKETPLACE_SIGNING_KEYS", "MARKETPLACE_SIGNING_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)
    env = draw(tmp_path, NAMES, {}, lambda _text: None).env
    assert env["MARKETPLACE_SIGNING_KEYS_FILE"] == str(tmp_path / "signing.keys")
    assert Path(env["MARKETPLACE_SIGNING_KEYS_FILE"]).exists()
    for own in ({"MARKETPLACE_SIGNING": "off"}, {"MARKETPLACE_SIGNING_KEYS_FILE": "/elsewhere"}):
        told = draw(tmp_path / "other", NAMES, own, lambda _text: None).env
        assert own.items() <= told.items()
        assert not (tmp_path / "other" / "signing.keys").exists()


def test_who_keeps_secrets_in_the_database_is_told_where_their_keys_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MARKETPLACE_SECRET_KEYS", "MARKETPLACE_SECRET_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)
    env = draw(tmp_path, NAMES, {}, lambda _text: None).env
    assert env["MARKETPLACE_SECRET_KEYS_FILE"] == str(tmp_path / "secret.keys")
    keys = secret_keys(env)
    assert keys
    assert keys.secrets != parse((tmp_path / "signing.keys").read_text()).secrets
    own = {"MARKETPLACE_SECRET_KEYS_FILE": "/elsewhere"}
    assert own.items() <= draw(tmp_path / "other", NAMES, own, lambda _text: None).env.items()
    assert not (tmp_path / "other" / "secret.keys").exists()
