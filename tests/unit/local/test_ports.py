"""Which ports may be taken, and by whom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.broker import Broker
from local.ports import RANGE, RANGE_VARIABLE, PortError, free_port, free_ports, is_free, own_range
from local.state import ROOT
from tests.support.ports import part

WORKER = {"PYTEST_XDIST_WORKER": "gw1", "PYTEST_XDIST_WORKER_COUNT": "2"}


def test_without_the_variable_all_may_be_taken() -> None:
    assert own_range({}) == own_range({RANGE_VARIABLE: ""}) == RANGE


def test_ports_come_from_the_part_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RANGE_VARIABLE, "20100-20119")
    assert set(free_ports(5)) <= set(range(20100, 20120))


def test_the_last_port_of_a_part_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    last = free_port()
    monkeypatch.setenv(RANGE_VARIABLE, f"{last}-{last}")
    assert free_port() == last
    with pytest.raises(RuntimeError, match=f"no free port found from {last} to {last}"):
        free_port(but=[last])


def test_a_broker_has_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    while not is_free((first := free_port()) + 1):
        pass
    monkeypatch.setenv(RANGE_VARIABLE, f"{first}-{first + 1}")
    for port, controller_port in ((None, None), (first, None), (None, first)) * 5:
        broker = Broker(tmp_path, port=port, controller_port=controller_port)
        assert {broker.node.port, broker.node.controller_port} == {first, first + 1}


def test_a_port_of_before_is_kept_wherever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RANGE_VARIABLE, "20100-20119")
    kept = free_port()
    monkeypatch.setenv(RANGE_VARIABLE, "20200-20219")
    assert free_port(kept) == kept


@pytest.mark.parametrize("text", ["20000", "-", "20000-", "20001-20000", "0-10", "20000-65536", "a-b", "1-2-3", "٢-٣"])
def test_a_part_that_makes_no_sense_is_an_error_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(RANGE_VARIABLE, text)
    with pytest.raises(PortError, match=r"MARKETPLACE_PORT_RANGE is .*: give the first and the last port"):
        free_port()


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_the_parts_of_workers_do_not_meet(count: int) -> None:
    parts = [own_range({RANGE_VARIABLE: part(f"gw{n}", count)}) for n in range(count)]
    assert all(len(one) > 0 and one[0] in RANGE and one[-1] in RANGE for one in parts)
    assert len(set().union(*parts)) == sum(map(len, parts)) > len(RANGE) - count


@pytest.mark.parametrize(("told", "given"), [({}, RANGE), (WORKER, range(25_000, 30_000))])
def test_a_worker_of_a_test_session_has_its_part_and_so_has_what_it_starts(told: dict[str, str], given: range) -> None:
    ask = "import os; from local.ports import own_range; print(own_range(os.environ))"
    inner = f"import tests.conftest, subprocess, sys; subprocess.run([sys.executable, '-c', {ask!r}], check=True)"
    ours = {k: v for k, v in os.environ.items() if k != RANGE_VARIABLE and not k.startswith("PYTEST_XDIST")}
    done = subprocess.run(
        [sys.executable, "-c", inner], cwd=ROOT, env=ours | told, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == repr(given)
