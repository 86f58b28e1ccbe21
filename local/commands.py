"""What `python -m local` does: up, down, status, logs, stop, start, env, reset. Each returns its exit status."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from local.follow import Tail, follow, last_lines
from local.lock import AlreadyRunningError, FolderLock
from local.ports import PortError, asked_port
from local.stack import Stack, State, pause, resume
from local.state import ROOT, ProcessState

WRONG_USAGE = 2
NOT_RUNNING = 3
GRACE = 120.0


def up(data_dir: Path, names: list[str], timeout: float) -> int:
    """Start everything and stay, until Ctrl-C or SIGTERM; a second one kills what is left."""
    began = time.monotonic()
    only = frozenset({"stack"}) if os.environ.get("MARKETPLACE_DETACHED") else None
    try:
        stack = Stack(data_dir, names, show=only, gateway_port=asked_port(os.environ))
    except PortError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    asked: list[int] = []

    def stop(number: int, _frame: object) -> None:
        # it can interrupt any line of ours, also one that is just being said: nothing is said here, no lock is taken
        asked.append(number)
        stack.request_stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        stack.launch()
    except AlreadyRunningError:
        return _already(data_dir)
    except PortError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    if asked:
        stack.request_stop()  # there was nothing yet that could have been stopped
    told = failed = False
    heard = 0
    while not stack.join(0.2):
        if len(asked) > heard:
            heard = len(asked)
            stack.say("stack", "stopping (once more to kill)")
        if stack.ready and not told:
            told = True
            stack.say("stack", f"everything is up in {time.monotonic() - began:.1f} s: {stack.state.urls['dashboard']}")
        late = not told and time.monotonic() - began > timeout
        if not failed and (stack.failure or late):
            failed = True
            stack.say("stack", f"giving up: {stack.failure or f'not ready in {timeout:.0f} s'}")
            stack.request_stop()
    stack.say("stack", "stopped; the data is kept")
    return 1 if failed or stack.failure else 0


def up_detached(data_dir: Path, names: list[str], timeout: float) -> int:
    """Start a supervisor in the background and return when everything is up, or with the reason why not."""
    if (state := _running(data_dir)) is not None:
        return _already(data_dir, state)
    (data_dir / "logs").mkdir(parents=True, exist_ok=True)
    said = data_dir / "logs" / "supervisor.log"
    command = [sys.executable, "-m", "local", "--data", str(data_dir), "up", "--timeout", str(timeout), *names]
    with said.open("wb") as output:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "MARKETPLACE_DETACHED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    progress = Tail(said, from_start=True)
    while child.poll() is None:
        for line in progress.lines():
            print(line, file=sys.stderr)
        state = State.load(data_dir)
        if state is not None and state.pid == child.pid and state.ready:
            print(f"everything is up (process {child.pid}): {state.urls['dashboard']}")
            return 0
        time.sleep(0.1)
    for line in progress.lines():
        print(line, file=sys.stderr)
    return child.returncode


def down(data_dir: Path) -> int:
    """Stop everything that `up` started, and wait until it is gone."""
    state = _running(data_dir)
    if state is None:
        print("nothing runs")
        return 0
    os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while state.running:
        if time.monotonic() > deadline:
            os.kill(state.pid, signal.SIGKILL)  # its children go with it
            print(f"the supervisor did not stop in {GRACE:.0f} s and was killed", file=sys.stderr)
            return 1
        time.sleep(0.05)
    print("stopped; the data is kept")
    return 0


def status(data_dir: Path, *, as_json: bool) -> int:
    """Print what runs. Exit status 0: all is up; 1: not all; 3: nothing runs."""
    state = State.load(data_dir)
    running = state is not None and state.running
    if as_json:
        known = {} if state is None else asdict(state)
        print(json.dumps({"running": running, "data_dir": str(data_dir), **known}, indent=2))
    elif state is None or not running:
        print("nothing runs; start it with: python -m local up")
    else:
        print(f"process {state.pid}, since {state.started_at}, data in {data_dir}")
        for name, url in state.urls.items():
            print(f"  {name:<12} {without_password(url)}")
        for name, process in state.processes.items():
            print(f"  {name:<12} {process.status:<9} {_details(process)}")
    if state is None or not running:
        return NOT_RUNNING
    return 0 if state.ready else 1


def logs(data_dir: Path, names: list[str], lines: int, *, keep_on: bool) -> int:
    """Print the last lines of each process, then go on with new ones if asked."""
    folder = data_dir / "logs"
    files = {path.stem: path for path in sorted(folder.glob("*.log"))} if folder.exists() else {}
    missing = [name for name in names if name not in files]
    if missing:
        print(f"no log of {', '.join(missing)}; there are: {', '.join(files) or 'none'}", file=sys.stderr)
        return 1
    chosen = {name: path for name, path in files.items() if name in names or (not names and name != "supervisor")}
    for name, path in chosen.items():
        for line in last_lines(path, lines):
            print(f"{name} | {line}")
    if keep_on:
        follow(chosen)
    return 0


def stop(data_dir: Path, name: str) -> int:
    """Stop one process and keep it stopped."""
    return _set(data_dir, name, paused=True)


def start(data_dir: Path, name: str) -> int:
    """Start a process that `stop` stopped."""
    return _set(data_dir, name, paused=False)


def env(data_dir: Path) -> int:
    """Print the environment of the stack, for: eval "$(python -m local env)"."""
    state = State.load(data_dir)
    if state is None:
        print("no stack has run on this folder", file=sys.stderr)
        return NOT_RUNNING
    for name, value in state.env.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def reset(data_dir: Path) -> int:
    """Delete every file of the stack: topics, database, logs, ports. Refuses while it runs."""
    lock = FolderLock(data_dir)
    try:
        lock.acquire()
    except AlreadyRunningError:
        print("it runs; stop it first: python -m local down", file=sys.stderr)
        return 1
    try:
        for path in data_dir.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    finally:
        lock.release()
    print(f"{data_dir} is empty")
    return 0


def without_password(url: str) -> str:
    """Return a URL as it may be shown."""
    password = urlsplit(url).password if "://" in url else None
    return url.replace(f":{password}@", ":***@") if password else url


def _running(data_dir: Path) -> State | None:
    state = State.load(data_dir)
    return state if state is not None and state.running else None


def _already(data_dir: Path, state: State | None = None) -> int:
    state = state or _running(data_dir)
    where = "" if state is None else f" (process {state.pid}): {state.urls.get('dashboard', '')}"
    print(f"it runs already{where}")
    return 0


def _set(data_dir: Path, name: str, *, paused: bool) -> int:
    if _running(data_dir) is None:
        print("nothing runs", file=sys.stderr)
        return NOT_RUNNING
    try:
        (pause if paused else resume)(data_dir, name)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    wanted = "paused" if paused else "ready"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state = _running(data_dir)
        if state is None or name not in state.processes:
            break
        if state.processes[name].status == wanted:
            print(f"{name} is {'stopped' if paused else 'up'}")
            return 0
        time.sleep(0.05)
    print(f"{name} did not become {wanted}", file=sys.stderr)
    return 1


def _details(process: ProcessState) -> str:
    parts = [f"process {process.pid}" if process.alive else ""]
    if process.restarts:
        parts.append(f"started again {process.restarts} times, last ended with {process.last_exit}")
    return ", ".join(part for part in parts if part)
