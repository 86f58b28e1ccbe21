"""Memory that grows is seen through restarts, and memory that does not is left in peace."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable

import pytest

from local.chaos.memory import BROKER_MIB, Sample, trend
from local.chaos.sampler import own_samples

WHOLE_S = 1800.0


def lives(level: Callable[[float, float], float], *, every_s: float, name: str = "worker") -> list[Sample]:
    """Samples of a process that is killed every `every_s` seconds; `level` gets the time and the age."""
    noise = random.Random(3)
    samples = []
    for second in range(0, int(WHOLE_S), 2):
        pid, age = int(second // every_s) + 1, second % every_s
        samples.append(Sample(second, age, pid, level(second, age) + noise.gauss(0, 1.0)))
    return samples


def filling(_at: float, age: float) -> float:
    """A process that fills its caches in its first minute, and is flat then."""
    return 40 + 30 * min(age, 60) / 60


@pytest.mark.parametrize("every_s", [300, 700, 1800])
def test_caches_that_fill_after_each_start_are_no_growth(every_s: float) -> None:
    found = trend("worker", lives(filling, every_s=every_s), warm_s=60, whole_s=WHOLE_S)

    assert found.flat
    assert found.growth_mib is not None
    assert abs(found.growth_mib) < 3
    assert found.lives == -(-WHOLE_S // every_s)


@pytest.mark.parametrize("every_s", [300, 700, 1800])
def test_a_leak_is_seen_although_each_kill_gives_the_memory_back(every_s: float) -> None:
    def leaking(at: float, age: float) -> float:
        return filling(at, age) + age / 60  # a MiB a minute

    found = trend("worker", lives(leaking, every_s=every_s), warm_s=60, whole_s=WHOLE_S)

    assert not found.flat
    assert found.growth_mib == pytest.approx(30, abs=4)


def test_a_process_that_never_lived_long_is_not_judged() -> None:
    found = trend("worker", lives(filling, every_s=40), warm_s=60, whole_s=WHOLE_S)

    assert found.growth_mib is None
    assert found.flat


def test_the_broker_is_held_to_a_limit() -> None:
    def heap(at: float, _age: float) -> float:
        return 200 + at / 4

    samples = lives(heap, every_s=1800)
    assert trend("broker", samples, warm_s=60, whole_s=WHOLE_S).flat
    samples.append(Sample(1801, 1801, 1, BROKER_MIB + 1))
    assert not trend("broker", samples, warm_s=60, whole_s=WHOLE_S).flat


def own_memory(pid: int) -> float:
    return sum(sample.mib for sample in own_samples(pid))


def test_samples_count_what_a_process_takes() -> None:
    # in a process of its own: this one has children of other tests, which come and go
    code = "print(flush=True); input(); block = bytearray(b'x' * 1024) * (32 * 1024); print(flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        before = own_memory(child.pid)
        child.stdin.write(b"\n")
        child.stdout.readline()
        after = own_memory(child.pid)
        child.stdin.write(b"\n")

    assert before > 1
    assert 28 < after - before < 40
    assert own_samples(1 << 30) == []


def test_each_child_has_a_sample_of_its_own() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        found = {sample.pid: sample for sample in own_samples(os.getpid())}
        assert child.stdin is not None
        child.stdin.close()

    assert {os.getpid(), child.pid} <= found.keys()
    assert found[child.pid].at == found[os.getpid()].at
    assert 0 <= found[child.pid].age < found[os.getpid()].age
    assert own_samples(1 << 30) == []
