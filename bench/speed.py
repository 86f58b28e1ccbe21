"""`make bench`: this system beside others and its own earlier commit, in one run, taking turns; medians of several.

Without the name of a part all of them are done. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from bench.parts.every import PARTS
from bench.parts.sizes import MILLION, NAMED, Sizes
from bench.parts.turns import turns
from bench.report import table
from bench.report.figures import Block, medians, slower, too_slow
from bench.report.machine import machine
from bench.report.plots import plots
from bench.systems.bullmq import BullMQ
from bench.systems.earlier import checked_out
from bench.systems.ours import Ours
from bench.systems.procrastinate import Procrastinate
from bench.systems.system import System

PEERS: Final[Mapping[str, Callable[[Path], System]]] = {"bullmq": BullMQ, "procrastinate": Procrastinate}


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read what the command line asks for; end with a clear error where it asks for what there is not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--size", choices=NAMED, default="full")
    parser.add_argument("--quick", action="store_const", const="quick", dest="size", help="a few minutes")
    parser.add_argument("--rounds", type=int, help="how often each system is measured")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="others that are measured")
    parser.add_argument("--million", action="store_true", help="let the log grow to a million plans: hours")
    parser.add_argument("--against", metavar="COMMIT", help="an earlier commit, measured in the same run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was found")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw what was found, as SVG")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.parts) - set(PARTS)):
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return options


def _sizes(options: argparse.Namespace) -> Sizes:
    sizes = NAMED[options.size]
    if options.rounds:
        sizes = replace(sizes, rounds=options.rounds)
    if options.million:
        sizes = replace(sizes, steps=(*sizes.steps, MILLION))
    return sizes


def main() -> None:
    """Measure, print, and fail where something failed or is far slower than the commit that was named."""
    options = read_options()
    sizes, about = _sizes(options), machine()
    blocks: list[Block] = []
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="marketplace-bench-")))
        systems: list[System] = [Ours()]
        if options.against:
            systems.append(opened.enter_context(checked_out(options.against, folder / "code")))
        systems += [PEERS[name](folder / name) for name in options.peers]
        for block in turns(systems, options.parts or list(PARTS), sizes, say):
            blocks.append(block)
            if options.json:
                write(options.json, about, systems, blocks)
    found = medians(blocks)
    print("\n".join([*told(about, systems, sizes), "", *table.headlines(found), *table.all_figures(found)]))
    if options.plots:
        options.plots.mkdir(parents=True, exist_ok=True)
        for name, text in plots(found).items():
            (options.plots / name).write_text(text, "utf-8")
    ratios = slower(found[systems[0].name], found[systems[1].name]) if options.against else {}
    if ratios:
        print("\n".join(["", *table.ratios(ratios, systems[1].name)]))
    sys.exit(bool(wrong(blocks, too_slow(ratios))))


def told(about: Mapping[str, object], systems: Sequence[System], sizes: Sizes) -> list[str]:
    """Return on what it was measured, and what an answer of each system promises."""
    lines = [f"{name}: {value}" for name, value in about.items()]
    return [*lines, f"rounds: {sizes.rounds}", *(f"{one.name}: {one.durable}" for one in systems)]


def wrong(blocks: Sequence[Block], slow: Sequence[str]) -> list[str]:
    """Print and return the reasons for which the run is to be called failed."""
    lines = [f"{one.system}, round {one.round + 1}: {one.failed}" for one in blocks if one.failed]
    lines += [f"{one.system}, round {one.round + 1}: started again: {one.restarts}" for one in blocks if one.restarts]
    lines += [f"far slower than it was: {name}" for name in slow]
    for line in lines:
        say(line)
    return lines


def write(file: Path, about: dict[str, object], systems: Sequence[System], blocks: Sequence[Block]) -> None:
    """Write what is known so far, in one go."""
    part = file.with_suffix(".part")
    found = {
        "machine": about,
        "durable": {system.name: system.durable for system in systems},
        "medians": medians(blocks),
        "blocks": [asdict(block) for block in blocks],
    }
    part.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    part.replace(file)


def say(line: str) -> None:
    """Print the progress."""
    print(line, file=sys.stderr, flush=True)
