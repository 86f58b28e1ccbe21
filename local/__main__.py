"""`python -m local`: the whole system on this machine."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from local import commands
from local.blueprint import NAMES
from local.state import default_data_dir


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="python -m local", description="The whole system on this machine, without Docker."
    )
    root.add_argument("--data", type=Path, default=default_data_dir(), help="folder of all data (default: %(default)s)")
    actions = root.add_subparsers(dest="action", required=True, metavar="ACTION")

    up = actions.add_parser("up", help="start everything that does not run yet, and stay until Ctrl-C")
    up.add_argument("names", nargs="*", default=list(NAMES), metavar="NAME", help=f"only these of: {', '.join(NAMES)}")
    up.add_argument("--detach", "-d", action="store_true", help="run in the background; return when everything is up")
    up.add_argument("--timeout", type=float, default=300.0, help="give up after so many seconds (default: %(default)s)")

    actions.add_parser("down", help="stop everything; the data is kept")
    status = actions.add_parser("status", help="what runs, and where")
    status.add_argument("--json", action="store_true")
    logs = actions.add_parser("logs", help="the log lines of all or some processes")
    logs.add_argument("names", nargs="*", metavar="NAME")
    logs.add_argument("--follow", "-f", action="store_true", help="go on with new lines until Ctrl-C")
    logs.add_argument("--lines", "-n", type=int, default=20, help="last lines of each (default: %(default)s)")
    for action, meaning in (
        ("stop", "stop one process and keep it stopped"),
        ("start", "start a stopped process again"),
    ):
        actions.add_parser(action, help=meaning).add_argument("name", metavar="NAME")
    actions.add_parser("env", help='print its environment, for: eval "$(python -m local env)"')
    actions.add_parser("reset", help="delete all data; refuses while it runs")
    return root


def main(argv: Sequence[str] | None = None) -> int:  # noqa: PLR0911 - a map from word to command
    asked = parser().parse_args(argv)
    data: Path = asked.data.absolute()
    match asked.action:
        case "up" if asked.detach:
            return commands.up_detached(data, asked.names, asked.timeout)
        case "up":
            return commands.up(data, asked.names, asked.timeout)
        case "down":
            return commands.down(data)
        case "status":
            return commands.status(data, as_json=asked.json)
        case "logs":
            return commands.logs(data, asked.names, asked.lines, keep_on=asked.follow)
        case "stop":
            return commands.stop(data, asked.name)
        case "start":
            return commands.start(data, asked.name)
        case "env":
            return commands.env(data)
        case _:
            return commands.reset(data)


if __name__ == "__main__":
    sys.exit(main())
