"""Which processes there are, their ports, and what they are told."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from local.blueprint import NAMES, draw, remembered_ports, runnable
from local.ports import RANGE, free_port, is_free


def test_ports_are_remembered(tmp_path: Path):
    told: list[str] = []
    first = remembered_ports(tmp_path / "ports.json", told.append)
    assert remembered_ports(tmp_path / "ports.json", told.append) == first
    assert told == []


def test_a_port_that_was_taken_meanwhile_is_replaced_and_said(tmp_path: Path):
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


def test_a_free_port_is_free_and_never_one_of_outgoing_connections():
    ports = [free_port() for _ in range(20)]

    assert all(is_free(port) for port in ports)
    assert all(port in RANGE for port in ports)
    with Path("/proc/sys/net/ipv4/ip_local_port_range").open() as file:
        assert max(ports) < int(file.read().split()[0])


def test_a_preferred_port_is_used_when_it_is_free():
    port = free_port()
    assert free_port(port) == port
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        assert free_port(port) != port


def test_every_process_is_told_the_same(tmp_path: Path):
    plan = draw(tmp_path, ["postgres", "broker", "registry"], {"EXTRA": "yes"}, lambda _text: None)

    assert [unit.name for unit in plan.units] == ["postgres", "broker", "registry"]
    assert plan.env["EXTRA"] == "yes"
    assert plan.env["MARKETPLACE_BROKERS"] == f"127.0.0.1:{plan.ports['broker']}"
    assert plan.env["MARKETPLACE_DATABASE_URL"] == plan.urls["database"]
    assert plan.env["MARKETPLACE_REGISTRY_URL"] == f"http://127.0.0.1:{plan.ports['registry']}"
    assert plan.env["MARKETPLACE_PORT"] == str(plan.ports["gateway"])


def test_needs_name_processes_that_come_before(tmp_path: Path):
    seen: set[str] = set()
    for unit in draw(tmp_path, NAMES, {}, lambda _text: None).units:
        assert set(unit.needs) <= seen
        seen.add(unit.name)


def test_an_unknown_process_is_an_error(tmp_path: Path):
    with pytest.raises(ValueError, match="no such process: gatway"):
        draw(tmp_path, ["gatway"], {}, lambda _text: None)


@pytest.mark.parametrize(
    ("module", "found"),
    [("local", True), ("local.registry", True), ("local.stack", True), ("schemas.avro", False), ("no.such", False)],
)
def test_a_module_that_is_not_there_yet_is_known(module, found):
    assert runnable(module) is found
