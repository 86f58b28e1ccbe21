"""The system on this machine: up, down, status, logs, reset. Drives `python -m local` as a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from typing import Annotated, Any, Final

import typer

from gateway.cli.commands.options import Yes
from gateway.cli.connection import ROOT, data_dir, ensure_key
from gateway.cli.down import database_away
from gateway.cli.failures import HEALTH_EXIT, Exit, Failure
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import processes

PASSWORD: Final = re.compile(r"(?<=:)[^:@/]+(?=@)")
#: How long processes that have just begun are waited for, until the verdict is that all is well.
SETTLE_S: Final = 10.0
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME...]", help="Processes; all without.", show_default=False)
]


def register(app: typer.Typer) -> None:
    for command in (up, down, status, logs, reset):
        app.command()(command)


def up(
    context: typer.Context,
    attached: Annotated[bool, typer.Option("--attached", help="Stay and print the logs, until Ctrl-C.")] = False,
    as_json: Json = False,
) -> None:
    """Start everything on this machine, in the background.

    --json: as for status.
    """
    terminal = terminal_of(context, as_json)
    if attached:
        raise typer.Exit(_run(terminal, "up"))
    terminal.note("starting everything (the first time takes longer)")
    _demand(terminal, "up", "--detach")
    _settle(terminal)
    _show(terminal)


def down(context: typer.Context, as_json: Json = False) -> None:
    """Stop everything; the data is kept.

    --json: {"running": false}.
    """
    terminal = terminal_of(context, as_json)
    _demand(terminal, "down")
    if as_json:
        terminal.show({"running": False})


def status(context: typer.Context, as_json: Json = False) -> None:
    """Show what runs, and the verdict in one line: exit status as of doctor, 1 also if not all runs, 3 nothing runs.

    --json: {running, ready, health, pid, startedAt, urls, processes: {name: {status, pid, restarts, log}}}. health is
    {status, headline} of the gateway's report, null where it does not answer.
    """
    document = _show(terminal_of(context, as_json))
    raise typer.Exit(_exit_status(document))


def _exit_status(document: dict[str, Any]) -> int:
    if not document["running"]:
        return Exit.UNREACHABLE
    if not document["ready"] or document["health"] is None:
        return Exit.REFUSED
    return HEALTH_EXIT.get(document["health"]["status"], Exit.REFUSED)


def logs(
    context: typer.Context,
    names: Names = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines, until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Last lines of each.")] = 20,
    as_json: Json = False,
) -> None:
    """Show the log lines of all or some processes.

    --json: {"lines": [{process, text}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    command = ["logs", "--lines", str(lines), *(names or [])]
    if not as_json:
        raise typer.Exit(_run(terminal, *command, *(["--follow"] if follow else [])))
    if follow:
        raise Failure("--follow has no end, --json needs one", "Give one of them.", exit_status=Exit.USAGE)
    said = _ask(terminal, *command).splitlines()
    parts = [line.partition(" | ") for line in said]
    terminal.show({"lines": [{"process": name, "text": text} for name, _, text in parts]})


def reset(context: typer.Context, yes: Yes = False, as_json: Json = False) -> None:
    """Delete all data of the system on this machine. It has to be down.

    --json: {"reset": true}.
    """
    terminal = terminal_of(context, as_json)
    folder = data_dir(terminal.env)
    if not yes and not terminal.confirm(f"Delete all data in {folder}?"):
        raise Failure("Nothing was deleted")
    _demand(terminal, "reset")
    if as_json:
        terminal.show({"reset": True})


def shaped(found: dict[str, Any]) -> dict[str, Any]:
    """Return the local system's state in this program's own names, without its secrets."""
    urls = {name: PASSWORD.sub("***", url) for name, url in found.get("urls", {}).items()}
    return {
        "running": found["running"],
        "ready": found["running"] and found.get("ready", False),
        "pid": found.get("pid") if found["running"] else None,
        "startedAt": found.get("started_at"),
        "urls": urls,
        "processes": {
            name: {"status": one["status"], "pid": one["pid"], "restarts": one["restarts"], "log": one["log"]}
            for name, one in found.get("processes", {}).items()
        },
    }


def _show(terminal: Terminal) -> dict[str, Any]:
    document = shaped(json.loads(_ask(terminal, "status", "--json", accepted=(0, 1, 3))))
    document["health"] = _health(terminal) if document["running"] else None
    terminal.show(document, lambda: processes.processes(document))
    return document


def _health(terminal: Terminal) -> dict[str, Any] | None:
    """Return the health report of this machine's gateway, None where it does not answer."""
    try:
        report = _here(terminal).client.get("/api/system/health")
    except Failure as failure:  # of whatever kind: then the processes alone are told
        said = database_away(failure)
        return None if said is None else {"status": "down", "headline": said.text}
    return {"status": report["status"], "headline": report.get("headline", "")}


def _here(terminal: Terminal) -> Terminal:
    """Return a terminal with this machine's gateway, where the environment leads to another one."""
    if "MARKETPLACE_URL" not in terminal.env:
        return terminal
    return Terminal({n: v for n, v in terminal.env.items() if n not in {"MARKETPLACE_URL", "MARKETPLACE_API_KEY"}})


def _settle(terminal: Terminal) -> None:
    """Wait for a moment until processes that began just now have said so."""
    deadline = time.monotonic() + SETTLE_S
    while (_health(terminal) or {}).get("status") != "ok" and time.monotonic() < deadline:
        time.sleep(0.5)


def _environment(terminal: Terminal) -> dict[str, str]:
    # who starts the system has its admin key, unless another one was chosen
    env = dict(terminal.env)
    env.setdefault("MARKETPLACE_BOOTSTRAP_KEY", ensure_key(data_dir(terminal.env)))
    return env


def _command(*arguments: str) -> list[str]:
    if not (ROOT / "local" / "__main__.py").exists():
        raise Failure("This installation has no local system", "It is part of the project's source: run it from there.")
    return [sys.executable, "-m", "local", *arguments]


def _run(terminal: Terminal, *arguments: str) -> int:
    """Run with this terminal and return the exit status. Ctrl-C reaches it directly; it stops in its own time."""
    env = _environment(terminal) if arguments[0] == "up" else dict(terminal.env)
    with subprocess.Popen(_command(*arguments), cwd=ROOT, env=env) as process:  # noqa: S603 - our own interpreter and arguments
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def _demand(terminal: Terminal, *arguments: str) -> None:
    """Run a command to its end. Raises Failure with its output where its exit status is not 0."""
    said = _ask(terminal, *arguments)
    if not terminal.as_json:
        print(said, end="", flush=True)


def _ask(terminal: Terminal, *arguments: str, accepted: tuple[int, ...] = (0,)) -> str:
    env = _environment(terminal) if arguments[0] == "up" else dict(terminal.env)
    env["PYTHONUNBUFFERED"] = "1"
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        _command(*arguments), cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode not in accepted:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Failure(
            f"`{arguments[0]}` failed with status {done.returncode}",
            "\n  ".join(said[-15:]),
            hints=(f"The logs are in {data_dir(os.environ) / 'logs'}",) if arguments[0] == "up" else (),
        )
    return done.stdout
