"""What a plan costs: differences of counters, waits of threads, requests by kind."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from bench.cost.difference import per_plan, per_second, spent
from bench.cost.processes import families, running_s, waited
from bench.cost.requests import counted, environment


def test_a_counter_that_began_meanwhile_began_at_zero_and_levels_are_no_counters() -> None:
    grown = spent({"cpu_s/a": 1.0}, {"cpu_s/a": 1.5, "cpu_s/b": 0.25, "postgres/bytes": 9.0})
    assert grown == {"cpu_s/a": 0.5, "cpu_s/b": 0.25}


def test_the_client_is_told_and_is_no_part_of_the_system() -> None:
    cost = per_plan({"cpu_s/a": 0.5, "cpu_s/client": 0.5, "switches/a": 10.0, "switches/client": 4.0}, 100)
    assert cost["cpu_us/a"] == cost["cpu_us/all"] == cost["cpu_us/client"] == 5000.0
    assert cost["switches/all"] == 0.1


def test_requests_are_summed_over_processes_by_kind() -> None:
    cost = per_plan({"requests/a/Fetch": 10.0, "requests/b/Fetch": 5.0, "requests/b/Produce": 1.0}, 10)
    assert cost["requests/all"] == pytest.approx(1.6)
    assert cost["requests/all/Fetch"] == pytest.approx(1.5)


def test_a_flush_is_told_by_its_mean() -> None:
    cost = per_plan({"postgres/flushes": 20.0, "postgres/flush_ms": 30.0}, 10)
    assert cost == {"postgres/flushes": 2.0, "postgres/flush_mean_ms": 1.5}


def test_an_idle_system_is_told_as_a_share_of_a_core() -> None:
    assert per_second({"cpu_s/a": 0.5, "switches/a": 50.0}, 10)["core/all"] == 0.05


def test_only_waits_count_as_wake_ups() -> None:
    assert waited("Name:\tx\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t900\n") == 12
    assert waited("") == 0


def test_requests_have_names_and_one_that_is_new_its_number(tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(struct.pack("<128Q", 3, 7, *[0] * 97, 2, *[0] * 28))
    assert counted(tmp_path / "1") == {"Produce": 3, "Fetch": 7, "kind 99": 2}
    assert counted(tmp_path / "2") == {}


def test_a_process_counts_what_it_asks_of_the_broker(tmp_path: Path) -> None:
    ask = """
import asyncio
from aiokafka.conn import AIOKafkaConnection
class Request:
    API_KEY = 12
connection = object.__new__(AIOKafkaConnection)
connection._writer, connection._host, connection._port = None, "nowhere", 1
for _ in range(3):
    try:
        connection.send(Request())
    except Exception as error:
        assert "No connection" in str(error), error
import os; print(os.getpid())
"""
    env = {**os.environ, **environment(tmp_path / "counts")}
    asking = [sys.executable, "-W", "ignore", "-c", ask]
    done = subprocess.run(asking, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert counted(tmp_path / "counts" / done.stdout.strip()) == {"Heartbeat": 3}


def test_who_has_a_name_of_its_own_counts_for_nobody_else() -> None:
    inner = "import sys; print('here', flush=True); sys.stdin.read()"
    outer = (
        "import os, subprocess, sys;"
        f"one = subprocess.Popen([sys.executable, '-c', {inner!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE);"
        "one.stdout.readline(); print(one.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        alone = families({"parent": parent.pid})
        apart = families({"parent": parent.pid, "child": child})
        parent.kill()
    assert [one.pid for one in alone["parent"]] == [parent.pid, child]
    assert {name: [one.pid for one in members] for name, members in apart.items()} == {
        "parent": [parent.pid],
        "child": [child],
    }


def test_the_clock_of_another_process_tells_what_it_has_used() -> None:
    work = "import time\nfor _ in '12': sum(range(10**6)); print(time.process_time(), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", work], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        before = float(other.stdout.readline())
        seen = running_s(other.pid)
        other.stdin.write(b"\n")
        other.stdin.flush()
        after = float(other.stdout.readline())
        other.kill()
    assert before <= seen <= after
