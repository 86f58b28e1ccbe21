"""Tries damaged inputs in a process of its own, which its CPU time ends: a library that goes on for ever ends there.

So it is where people upload, too (gateway/intake/confine.py). As there, a process begins as a fork of one that has
imported everything, since an import takes longer than a small document does.
"""

from __future__ import annotations

import ctypes
import logging
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final, Self

from tests.support.fuzz_targets import DOCUMENTS, LIMITS
from tests.support.fuzzing import Found, find

#: CPU time of one input, which takes milliseconds. Documents have a minute where people upload.
CPU_S: Final = 5.0
#: Time of one input that waits for something which does not come.
WALL_S: Final = 120.0
_ROOT: Final = Path(__file__).parents[2]
_PR_SET_PDEATHSIG: Final = 1


class Watched:
    """Tries inputs elsewhere.

    `ended` counts the documents that a limit, or a crash of a library, ended; `shortest` has one for each way.
    """

    def __init__(self, cpu_s: float = CPU_S) -> None:
        self._cpu_s = cpu_s
        self.ended: Counter[str] = Counter()
        self.shortest: dict[str, bytes] = {}
        self._others: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        program = [sys.executable, "-m", "tests.support.fuzz_watched", str(self._cpu_s)]
        self._others = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._others is not None
        assert self._others.stdin is not None
        assert self._others.stdout is not None
        self._others.stdin.close()
        self._others.wait()
        self._others.stdout.close()

    def find(self, target: str, data: bytes) -> Found | None:
        """Try one input; return what is wrong, None where nothing is. Only a document may have to be ended."""
        assert self._others is not None
        assert self._others.stdin is not None
        assert self._others.stdout is not None
        pickle.dump((target, data), self._others.stdin)
        self._others.stdin.flush()
        answer: Found | int | None = pickle.load(self._others.stdout)
        if not isinstance(answer, int):
            return answer
        name = signal.Signals(-answer).name if answer < 0 else f"exit {answer}"
        if target in DOCUMENTS:
            way = f"{target}-{name}"
            self.ended[way] += 1
            self.shortest[way] = min(self.shortest.get(way, data), data, key=len)
            return None
        return Found(data, f"ended by {name}", name)


def _serve(requests: int, answers: int, cpu_s: float) -> None:
    """Answer requests until there are no more, each within its time."""
    resource.setrlimit(resource.RLIMIT_DATA, (LIMITS.memory_bytes, LIMITS.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # a line for each damaged input would be all that is seen
    # without buffers: what another process of these would read has to stay where it is
    with os.fdopen(requests, "rb", buffering=0, closefd=False) as theirs:
        while True:
            try:
                target, data = pickle.load(theirs)
            except EOFError:
                return
            signal.setitimer(signal.ITIMER_PROF, cpu_s)
            signal.setitimer(signal.ITIMER_REAL, WALL_S)
            found = find(target, data)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _answer(answers, found)


def _answer(answers: int, found: Found | int | None) -> None:
    told: Any = memoryview(pickle.dumps(found))
    while told:
        told = told[os.write(answers, told) :]


def main(cpu_s: float) -> None:
    """Have forks of this process answer, one after the other; a fork that ends is told by how it ended."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    while True:
        child = os.fork()
        if not child:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            _serve(sys.stdin.fileno(), answers, cpu_s)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 0:  # there are no more requests
            return
        _answer(answers, code)


if __name__ == "__main__":
    main(float(sys.argv[1]))
