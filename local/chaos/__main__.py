"""`python -m local.chaos`: break the system on purpose, and say what came of it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import secrets
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from local.chaos import contained, soak_report
from local.chaos.document import put
from local.chaos.report import HEADER, as_json, from_json, line, markdown, patient_markdown, timeline
from local.chaos.run import PLANS, RATE, Pace, run
from local.chaos.scenarios import PATIENT, SCENARIOS, Scenario
from local.chaos.site import Site
from local.chaos.soak import SPEC, Struck, soak
from local.chaos.verdict import Outcome, Thresholds, failures, slow_to_see
from local.kafka_jars import classpath

THRESHOLDS = Thresholds()
ALL = {**SCENARIOS, **PATIENT}


def listed() -> str:
    """Return each scenario with what it is about, a line each. `marketplace chaos --help` shows the same."""
    return "\n".join(f"  {s.name:<20} {s.summary}" for s in ALL.values())


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="python -m local.chaos",
        description="Break the system on purpose, under load, and say what came of it. Exit status 1 on any failure.",
        epilog=f"scenarios:\n{listed()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("names", nargs="*", metavar="NAME", help="scenarios, or soak; all scenarios without")
    root.add_argument("--seed", type=int, help="where chance begins; printed with every failure")
    root.add_argument("--seeds", type=int, default=1, help="runs of each scenario, each with a seed of its own")
    root.add_argument("--plans", type=int, default=PLANS, help="plans in each run at least (default: %(default)s)")
    root.add_argument("--rate", type=float, default=RATE, help="plans a second (default: %(default)s)")
    root.add_argument("--minutes", type=float, default=30.0, help="length of a soak (default: %(default)s)")
    root.add_argument("--json", action="store_true", help="one JSON document a run instead of lines")
    root.add_argument("--markdown", action="store_true", help="a table of medians at the end")
    root.add_argument("--timeline", action="store_true", help="the way of the first message, step by step")
    root.add_argument("--write", type=Path, metavar="DOCUMENT", help="put the result between the marks of a document")
    root.add_argument("--list", action="store_true", help="print the scenarios, and break nothing")
    root.add_argument("--keep", action="store_true", help="keep the folders of the systems, with their logs")
    return root


def outcomes(scenarios: Sequence[Scenario], seeds: Sequence[int], pace: Pace, *, keep: bool) -> Iterator[Outcome]:
    """Run everything. Scenarios of one kind share a system until one of them fails."""
    by_spec: dict[object, list[Scenario]] = {}
    for scenario in scenarios:
        by_spec.setdefault(scenario.spec, []).append(scenario)
    for of_spec in by_spec.values():
        if of_spec[0].spec.contained and not contained.inside():
            yield from _contained(of_spec, seeds, pace, keep=keep)
            continue
        site: Site | None = None
        try:
            for scenario, seed in ((scenario, seed) for seed in seeds for scenario in of_spec):
                if site is None:
                    site = Site(scenario.spec, keep=keep).__enter__()
                outcome = asyncio.run(_interruptible(scenario, site, seed, pace))
                yield outcome
                if failures(outcome, THRESHOLDS):
                    site.__exit__(None, None, None)  # what is broken now would be blamed on the next one
                    if keep:
                        print(f"kept: {site.folder}", file=sys.stderr)
                    site = None
        finally:
            if site is not None:
                site.__exit__(None, None, None)


def _contained(scenarios: Sequence[Scenario], seeds: Sequence[int], pace: Pace, *, keep: bool) -> Iterator[Outcome]:
    """Run in namespaces of their own. What cannot be run is a failure."""
    classpath()  # the broker's files, while there is a network to get them from
    for scenario, seed in ((scenario, seed) for seed in seeds for scenario in scenarios):
        asked = [scenario.name, "--seed", str(seed), "--plans", str(pace.plans), "--rate", str(pace.rate), "--json"]
        try:
            with contained.run_again([*asked, *(["--keep"] if keep else [])]) as process:
                assert process.stdout is not None
                said = process.stdout.read()
        except contained.CannotContainError as error:
            yield _not_run(scenario, seed, f"{scenario.name} cannot be run here: {error}")
            continue
        try:
            yield from_json(json.loads(said))
        except ValueError:
            yield _not_run(scenario, seed, f"ended with status {process.returncode} and without a result")


def _not_run(scenario: Scenario, seed: int, why: str) -> Outcome:
    patient = scenario.spec.patient
    return Outcome(scenario.name, seed, 0.0, {}, None, 0.0, 0, 0, {}, (why,), passes=True, patient=patient)


async def _interruptible(scenario: Scenario, site: Site, seed: int, pace: Pace) -> Outcome:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await run(scenario, site, seed, pace)
    except (TimeoutError, OSError) as error:
        traceback.print_exc()
        return _not_run(scenario, seed, f"could not be run: {error}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the chosen scenarios; 0: all good, 1: not, 2: asked wrongly."""
    asked = parser().parse_args(argv)
    if asked.list:
        print(listed())
        return 0
    first = asked.seed if asked.seed is not None else secrets.randbelow(1 << 31)
    if asked.names == ["soak"]:
        return _soak(asked, first)
    unknown = [name for name in asked.names if name not in ALL]
    if unknown:
        print(f"no such scenario: {', '.join(unknown)}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    chosen = [ALL[name] for name in asked.names] or list(ALL.values())
    if not asked.json:
        print(HEADER, flush=True)
    done: list[Outcome] = []
    for outcome in outcomes(chosen, range(first, first + asked.seeds), Pace(asked.rate, asked.plans), keep=asked.keep):
        done.append(outcome)
        if asked.json:
            print(json.dumps(as_json(outcome, THRESHOLDS)), flush=True)
            continue
        print(line(outcome, THRESHOLDS), flush=True)
        for why in failures(outcome, THRESHOLDS):
            print(f"    {why}", flush=True)
        for step in timeline(outcome) if asked.timeline else ():
            print(f"    {step}", flush=True)
        for text, at in outcome.findings.items() if failures(outcome, THRESHOLDS) else ():
            print(f"    {at:.1f} s: {text}", flush=True)
    slow = slow_to_see(done, THRESHOLDS)
    for why in slow:
        print(why, file=sys.stderr)
    _tables(asked, done)
    return 1 if slow or any(failures(outcome, THRESHOLDS) for outcome in done) else 0


def _tables(asked: argparse.Namespace, done: Sequence[Outcome]) -> None:
    """Print and store the tables that were asked for: drills that alert at once, and those with usual waiting times."""
    at_once, patient = [o for o in done if not o.patient], [o for o in done if o.patient]
    for place, these, table in (("chaos", at_once, markdown), ("patient", patient, patient_markdown)):
        made = table(these, THRESHOLDS) if these else ""
        if asked.markdown:
            print(made, end="")
        if asked.write and made:
            put(asked.write, place, f"{_circumstances(asked.seeds)}\n\n{made}")


def _circumstances(runs: int) -> str:
    """Return the machine, version and load that the figures belong to."""
    load = os.getloadavg()[2]
    day = datetime.now(UTC).date()
    seeds = "one seed" if runs == 1 else f"{runs} seeds"
    return (
        f"{day}, {seeds}; {os.cpu_count()} cores for the whole system and the load, Python {platform.python_version()};"
        f" load average of the last 15 minutes: {load:.1f}."
    )


def _soak(asked: argparse.Namespace, seed: int) -> int:
    def tell(struck: Struck) -> None:
        print(soak_report.line(struck), file=sys.stderr, flush=True)

    with Site(SPEC, keep=asked.keep) as site:
        result = asyncio.run(soak(site, seed, asked.minutes * 60, asked.rate, tell))
    print(json.dumps(soak_report.as_json(result)) if asked.json else soak_report.markdown(result), flush=True)
    if asked.write:
        put(asked.write, "soak", f"{_circumstances(1)}\n\n{soak_report.markdown(result)}")
    for why in result.failures:
        print(f"FAILED: {why}", file=sys.stderr)
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main())
