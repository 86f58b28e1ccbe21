"""`python -m local.demo`."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from gateway.cli.failures import Failure
from local.demo.report import summary
from local.demo.story import left_waiting, play
from local.demo.system import LINK_MINUTES, DemoFailed, System, running, sign_in_link
from local.ports import PortError
from local.samples import Sample, write_samples
from local.stack import AlreadyRunningError
from local.state import default_data_dir


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo; return 0 only if every plan has its tasks."""
    parser = argparse.ArgumentParser(prog="python -m local.demo", description="The main job, from upload to tasks.")
    parser.add_argument("--exit", action="store_true", help="stop everything at the end instead of staying up")
    parser.add_argument(
        "--data", type=Path, default=default_data_dir(), help="folder of all data (default: %(default)s)"
    )
    parser.add_argument("--rows", type=int, default=3000, help="rows of each sample table (default: %(default)s)")
    parser.add_argument(
        "--timeout", type=float, default=180.0, help="seconds from upload to tasks (default: %(default)s)"
    )
    asked = parser.parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    verdict = "DEMO FAILED"
    status = 1
    try:
        verdict = _play(asked)
        status = 0
    except KeyboardInterrupt:
        verdict = "DEMO FAILED interrupted"
        status = 130
    except AlreadyRunningError as error:
        verdict = f"DEMO FAILED {error}; stop it with: make down"
    except (DemoFailed, Failure, PortError) as error:
        detail = getattr(error, "detail", "")
        verdict = _failed(f"{error}{f': {detail}' if detail else ''}")
    except Exception as error:  # whoever runs the demo from a script looks at the last line, whatever went wrong
        verdict = _failed(f"{type(error).__name__}: {error}")
    say(verdict)
    return status


def _failed(why: str) -> str:
    """Return the last line; what does not fit into one line is said before it."""
    first, *rest = why.strip().splitlines()
    for line in rest:
        say(line)
    return f"DEMO FAILED {first}"


def _play(asked: argparse.Namespace) -> str:
    began = time.monotonic()
    data: Path = asked.data.absolute()
    with running(data, say) as system, system.client() as client:
        say(f"it serves at {system.url}; writing the sample documents")
        samples = kept_samples(data / "samples" / f"{asked.rows}-rows", asked.rows)
        say(f"uploading {len(samples)} documents")
        plans = play(client, samples, asked.timeout, say)
        tasks = sum(plan["tasks"]["total"] for plan in plans)
        verdict = f"DEMO OK plans={len(plans)} tasks={tasks} seconds={time.monotonic() - began:.0f}"
        Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(summary(plans))
        left = left_waiting(plans)
        if left is not None:
            say(f"One plan waits for your decision: {left['title']}")
            say(f"Decide it  {system.url}/plans/{left['planId']}")
        say(f"Dashboard  {system.url}")
        say(f"Sign in    {sign_in_link(client, system)}  (once, within {LINK_MINUTES} minutes; then with the key)")
        say(f"API key    {system.key}  (role admin; it opens this machine's system only)")
        if not asked.exit:
            _stay(system, verdict)
    return verdict


def _stay(system: System, verdict: str) -> None:
    """Say the verdict and serve until Ctrl-C."""
    if system.stack is None:
        say("It was running before and goes on. Stop it with: make down")
        return
    say("It stays up. Ctrl-C stops it; the data is kept.")
    say(verdict)
    try:
        # not join(0.3): a KeyboardInterrupt inside of Thread.join makes Python 3.11 take the thread for ended
        while not system.stack.join(0):
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("")


def kept_samples(folder: Path, rows: int) -> list[Sample]:
    """Return the samples with their files in `folder`; files of an earlier run stay.

    Some formats carry the time of writing, and the very same document is to be recognised in the next run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as fresh:
        samples = write_samples(Path(fresh), rows=rows)
        for sample in samples:
            if not (folder / sample.path.name).exists():
                sample.path.replace(folder / sample.path.name)
    return [replace(sample, path=folder / sample.path.name) for sample in samples]


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
