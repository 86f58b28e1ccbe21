"""`make demo EXIT=1`, as a person's first minute and as a script uses it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local.ports import RANGE_VARIABLE, free_port
from local.state import ROOT, State
from tests.support.patience import PATIENCE_S

DOCUMENTS = 10
#: As a person has it, but with the ports of this test's worker.
ENVIRONMENT = {
    k: v for k, v in os.environ.items() if k == RANGE_VARIABLE or not k.startswith(("MARKETPLACE_", "OPENAI_"))
}


def test_the_demo_ends_with_its_verdict_and_leaves_nothing_running(tmp_path: Path) -> None:
    """From nothing to the tasks of ten documents: status 0, the verdict in the last line, all processes gone."""
    data = tmp_path / "data"
    port = str(free_port())
    done = subprocess.run(
        [sys.executable, "-m", "local.demo", "--exit", "--data", str(data), "--rows", "200"],
        cwd=ROOT,
        env=ENVIRONMENT | {"MARKETPLACE_PORT": port},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    verdict = re.fullmatch(r"DEMO OK plans=(\d+) tasks=(\d+) seconds=(\d+)", done.stdout.splitlines()[-1])
    assert verdict is not None, done.stdout
    plans, tasks, _seconds = map(int, verdict.groups())
    assert plans == DOCUMENTS
    assert tasks >= plans
    (left,) = re.findall(r"^One plan waits for your decision: (.+)$", done.stdout, re.MULTILINE)
    assert re.search(rf"^Decide it  http://127\.0\.0\.1:{port}/plans/[0-9a-f-]{{36}}$", done.stdout, re.MULTILINE)
    (row,) = [line for line in done.stdout.splitlines() if left in line and "waits for your decision" not in line]
    assert row.split()[-2:] == ["-", "0"], "without Phase 1, without tasks"
    assert f"Dashboard  http://127.0.0.1:{port}" in done.stdout.splitlines()
    assert re.search(rf"Sign in    http://127\.0\.0\.1:{port}/login\?link=[\w-]{{43}} ", done.stdout)
    assert "Traceback" not in done.stderr
    state = State.load(data)
    assert state is not None
    assert not state.running
    assert not any(process.alive for process in state.processes.values())


@contextmanager
def dripping(connection: socket.socket) -> Iterator[None]:
    """Send the beginning of an answer, a byte a second: whoever reads it waits for the rest for as long as it lives."""
    over = threading.Event()

    def drip() -> None:
        with suppress(OSError):  # the other side has gone
            while not over.wait(1.0):
                connection.sendall(b"H")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_an_interruption_does_not_wait_for_a_download(tmp_path: Path) -> None:
    """The very first start, on a network that takes connections and brings nothing: one Ctrl-C ends all of it."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        silent.settimeout(PATIENCE_S)
        nowhere = f"http://127.0.0.1:{silent.getsockname()[1]}"
        proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), nowhere)
        folders = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "M2_REPO": str(tmp_path / "maven")}
        open_to_all = {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
        demo = subprocess.Popen(
            [sys.executable, "-m", "local.demo", "--exit", "--data", str(tmp_path / "data"), "--rows", "20"],
            cwd=ROOT,
            env={**ENVIRONMENT, **proxies, **open_to_all, **folders},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            asked, _ = silent.accept()  # the download has begun
            with asked, dripping(asked):  # no read of it ends by itself
                demo.send_signal(signal.SIGINT)
                said, _ = demo.communicate(timeout=PATIENCE_S)
        finally:
            demo.kill()
            demo.wait()

    assert demo.returncode == 130, said
    assert said.splitlines()[-1] == "DEMO FAILED interrupted"
    assert "Traceback" not in said
