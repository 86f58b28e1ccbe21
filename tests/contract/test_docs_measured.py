"""What docs/ says of measuring and breaking the system is what there is: benchmarks, parts, limits, drills, pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS
from bench.parts.every import PARTS
from bench.parts.sizes import FULL
from bench.sizing.size import sizes
from gateway.sizing.kept import measured
from local.chaos.faults import agents, records, sessions
from local.chaos.faults.processes import AWAY_S
from local.chaos.scenarios import PATIENT, SCENARIOS
from local.chaos.signs import DATABASE_S, HEALTH_S, SUPERVISOR_S
from local.chaos.soak import EVERY_S
from local.chaos.told import PROOF_EVERY_S, PROOF_MISSED_S
from local.chaos.verdict import Thresholds
from projections.run.turns import BATCH
from streams.guard.guard import BACKLOG_LIMIT
from tests.contract.docs_text import NUMBERS
from tests.support.doc_tables import DOCS, names, rows


def plain(document: str) -> str:
    return " ".join((DOCS / document).read_text("utf-8").split())


def test_each_benchmark_is_told_and_no_other() -> None:
    told = [names(command)[0] for command, _ in rows("performance.md", "command", "does")]
    named = {command.removeprefix("python -m bench ") for command in told if command.startswith("python -m bench ")}
    assert named == BENCHMARKS.keys()
    everywhere = {
        name for page in DOCS.rglob("*.md") for name in re.findall(r"python -m bench (\w+)", page.read_text("utf-8"))
    }
    assert everywhere <= {*BENCHMARKS, *PARTS}


def test_the_name_of_a_benchmark_is_that_of_no_part() -> None:
    """`make bench ARGS=open` measures approvals: what is named first would be the benchmark."""
    assert not BENCHMARKS.keys() & PARTS.keys()


def test_each_part_of_the_benchmark_is_told_in_its_order() -> None:
    assert [names(part)[0] for part, _ in rows("performance.md", "part", "measures")] == list(PARTS)


def test_rates_and_bursts_are_as_told() -> None:
    (opened, burst) = (
        text for part, text in rows("performance.md", "part", "measures") if part in ("`open`", "`burst`")
    )
    *some, last = (f"{rate:g}" for rate in FULL.rates)
    assert f"at {', '.join(some)} and {last} a second" in opened
    assert " and ".join(f"{count:,}" for count in FULL.bursts) in burst


def test_what_many_plans_need_is_as_the_kept_costs_say() -> None:
    told = (DOCS / "performance.md").read_text("utf-8").splitlines()
    _, _, *table = sizes(measured())
    first = told.index(table[0])
    assert told[first : first + len(table)] == table


def test_each_drill_is_told_and_no_other() -> None:
    told = [name for drills, _ in rows("reliability.md", "drill", "what really happens") for name in names(drills)]
    assert sorted(told) == sorted({**SCENARIOS, **PATIENT})


def test_a_drill_fails_by_the_limits_that_are_told() -> None:
    limits = Thresholds()
    told = plain("reliability.md")
    assert f"the first sign takes {limits.detected_s:g} s, or recovery takes {limits.healed_s:g} s" in told
    assert f"for longer than {limits.answered_s:g} s until its approval was accepted" in told
    assert f"the median time to the first sign is {limits.middle_s:g} s" in told
    assert f"the limits are {limits.told_middle_s:g} s and {limits.told_s:g} s" in told
    assert f"with the default patience. The limit is {limits.told_patiently_s:g} s" in told
    assert f"(every {PROOF_EVERY_S:g} s here), and is told by {PROOF_MISSED_S:g} s of silence" in told
    assert f"or for {AWAY_S:g} s. With the patience" in told


def test_what_the_drills_do_is_as_told() -> None:
    told = plain("reliability.md")
    assert f"{NUMBERS[len(SCENARIOS)]} drills, a kill at every commit point" in told
    assert f"with one of {NUMBERS[len(agents.LIES)]} kinds of nonsense and errors" in told
    assert f"The agent's deadline is {agents.DEADLINE_S:g} s here" in told
    assert f"{3 * records.EACH * len(records.READERS)} records between the real ones" in told
    assert f"of each partition of {NUMBERS[len(records.COPIED)]} topics a second time" in told
    assert f"{NUMBERS[sessions.ASK].capitalize()} clients ask for costs" in told
    assert f"Here {sessions.OPEN_S} s are too long" in told
    drill = (DOCS.parent / "tests/drills/test_two_regions.py").read_text("utf-8")
    [behind] = re.findall(r"^BEHIND = (\d+)$", drill, re.MULTILINE)
    assert f"When {NUMBERS[int(behind)]} more uploads and approvals have been answered" in told
    looks = f"every {1000 * SUPERVISOR_S:g} ms (supervisor), {1000 * DATABASE_S:g} ms (database) and"
    assert f"{looks} {1000 * HEALTH_S:g} ms (health)" in told
    assert f"causes a fault every {EVERY_S[0]:g} to {EVERY_S[1]:g} s" in told
    assert f"begins with a full batch of {BATCH:,} events" in told


def test_the_workers_room_is_as_told() -> None:
    assert f"hold {BACKLOG_LIMIT:,} records in all (`BACKLOG_LIMIT`" in plain("performance.md")


@pytest.mark.parametrize(
    "page", [*sorted(DOCS.glob("*.md")), *sorted(DOCS.glob("adr/*.md"))], ids=lambda page: page.name
)
def test_each_page_and_each_decision_is_found_from_another_page(page: Path) -> None:
    """A page to which nothing leads is read by nobody."""
    others = [DOCS.parent / "README.md", *(other for other in DOCS.glob("*.md") if other != page)]
    assert any(page.name in other.read_text("utf-8") for other in others)
