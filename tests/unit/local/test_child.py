"""A child on its leash: dies with its parent, stops when asked, is killed when it does not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.child import Child, Command, until_one_ends
from tests.support.patience import PATIENCE_S

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
#: Listens once: what comes after the first request finds no handler any more, as in a process that is nearly gone.
ONCE = """
import signal, time
def end(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    print('asked', flush=True)
    time.sleep(1)
    raise SystemExit
signal.signal(signal.SIGTERM, end)
print('up', flush=True)
time.sleep(60)
"""


def python(code: str, **more: Any) -> Command:
    return Command((sys.executable, "-c", code), **more)


def wait_until(condition: Callable[[], object], timeout: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_output_is_appended_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "x.log"
    for text in ("one", "two"):
        assert Child(python(f"print('{text}')"), log).wait(60)
    assert log.read_text() == "one\ntwo\n"


def test_output_goes_line_by_line_to_a_sink(tmp_path: Path) -> None:
    lines: list[str] = []
    child = Child(python("print('one'); print('tw\\xffo')"), tmp_path / "x.log", lines.append)
    assert child.wait(60)
    assert lines == ["one", "tw\xffo"]


def test_the_environment_is_added_to_ours(tmp_path: Path) -> None:
    lines: list[str] = []
    command = python("import os; print(os.environ['PATH'] != '', os.environ['NEW'])", env={"NEW": "value"})
    Child(command, tmp_path / "x.log", lines.append).wait(60)
    assert lines == ["True value"]


def test_a_child_that_listens_ends_by_the_signal(tmp_path: Path) -> None:
    lines: list[str] = []
    child = Child(python(SLEEP), tmp_path / "x.log", lines.append)
    wait_until(lambda: lines)
    child.stop(grace=10)
    assert child.returncode == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    lines: list[str] = []
    child = Child(python(DEAF), tmp_path / "x.log", lines.append)
    wait_until(lambda: lines)
    child.stop(grace=0.2)
    assert child.returncode == -signal.SIGKILL


def test_a_child_that_was_asked_to_end_is_not_asked_again(tmp_path: Path) -> None:
    lines: list[str] = []
    child = Child(python(ONCE), tmp_path / "x.log", lines.append)
    wait_until(lambda: lines)
    child.request_stop()
    wait_until(lambda: "asked" in lines)
    child.stop(grace=10)
    assert child.returncode == 0


def test_a_paused_child_can_be_stopped(tmp_path: Path) -> None:
    lines: list[str] = []
    child = Child(python(SLEEP), tmp_path / "x.log", lines.append)
    wait_until(lambda: lines)
    child.pause()
    child.stop(grace=10)
    assert child.returncode == -signal.SIGTERM


def test_a_paused_child_stands_still_with_all_its_threads_until_it_is_told_to_go_on(tmp_path: Path) -> None:
    count = (
        "import sys, threading, time\n"
        "def count(file):\n"
        "    with open(file, 'a', buffering=1) as out:\n"
        "        while True: out.write('x\\n'); time.sleep(0.001)\n"
        "for file in sys.argv[1:]: threading.Thread(target=count, args=(file,)).start()\n"
    )
    files = [tmp_path / f"{n}.txt" for n in range(3)]
    child = Child(Command((*python(count).argv, *map(str, files))), tmp_path / "x.log")

    def sizes() -> list[int]:
        return [file.stat().st_size if file.exists() else 0 for file in files]

    wait_until(lambda: all(sizes()))
    child.pause()
    before = sizes()
    time.sleep(0.1)
    assert sizes() == before
    child.pause()  # a second time is no matter

    child.signal(signal.SIGCONT)
    wait_until(lambda: sizes() > before)
    child.kill()
    child.pause()  # nor is one that has ended
    assert child.returncode == -signal.SIGKILL


def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    """Even SIGKILL, of which the parent cannot tell anybody, leaves nothing running."""
    code = (
        "import sys, time; from pathlib import Path; from local.child import Child, Command\n"
        f"child = Child(Command((sys.executable, '-c', {SLEEP!r})), Path(sys.argv[1]))\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "x.log")], stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        wait_until(lambda: "up" in (tmp_path / "x.log").read_text())
        assert not gone(pid)
        parent.kill()
        parent.wait()
        wait_until(lambda: gone(pid))


def test_the_process_id_is_that_of_the_program(tmp_path: Path) -> None:
    """The leash becomes the program: a signal to the id that we know reaches it."""
    lines: list[str] = []
    child = Child(python("import os; print(os.getpid())"), tmp_path / "x.log", lines.append)
    child.wait(60)
    assert lines == [str(child.pid)]


def test_root_is_given_up_where_asked(tmp_path: Path) -> None:
    """It is not root any more, and still writes where its starter may write."""
    lines: list[str] = []
    code = f"import os; open({str(tmp_path / 'mine')!r}, 'w').close(); print(os.geteuid() != 0)"
    child = Child(python(code, drop_root=True), tmp_path / "x.log", lines.append)
    child.wait(60)
    assert lines == ["True"]
    assert (tmp_path / "mine").stat().st_uid == os.geteuid()


def test_a_program_that_is_not_there_is_a_failed_child(tmp_path: Path) -> None:
    child = Child(Command(("/no/such/program",)), tmp_path / "x.log")
    assert child.wait(60)
    assert child.returncode not in {0, None}
    assert "No such file" in (tmp_path / "x.log").read_text()


def test_the_end_of_one_of_many_is_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lasting, ending = (Child(Command((sys.executable, "-c", SLEEP)), tmp_path / f"{n}.log") for n in range(2))
    try:
        began = time.monotonic()
        assert until_one_ends([lasting.pid, ending.pid], 0.2)
        assert time.monotonic() - began >= 0.2, "nothing has ended"

        threading.Timer(0.1, ending.signal, [signal.SIGKILL]).start()
        assert until_one_ends([lasting.pid, ending.pid], 3600.0)
        assert (lasting.running, ending.running) == (True, False), "the end of the one was seen, before the other's"
        assert not until_one_ends([lasting.pid, ending.pid], 60.0), "there is none to wait for any more"

        monkeypatch.delattr(os, "pidfd_open")
        assert not until_one_ends([lasting.pid], 60.0), "a system that cannot tell"
    finally:
        lasting.kill()
        ending.kill()
