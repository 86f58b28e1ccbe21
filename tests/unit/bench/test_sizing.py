"""Waits are simulated as queues behave; what the bench found becomes costs, and is kept as it is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest

from bench.sizing.size import sizes, taken, waits, written
from bench.sizing.waiting import Stage, latencies
from gateway.sizing.kept import measured


def test_without_others_a_plan_takes_the_time_of_its_stages() -> None:
    took = latencies([Stage(0.002, 1), Stage(0.003, 2, partitions=12)], rate=0.1, plans=50)

    assert took == pytest.approx([0.005] * 50)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_one_process_keeps_plans_waiting_as_long_as_theory_says(share: float) -> None:
    took = latencies([Stage(0.01, 1)], rate=share / 0.01, plans=60_000)

    waited = share * 0.01 / (2 * (1 - share))  # Pollaczek and Khinchine, for work that always takes the same
    assert fmean(took) == pytest.approx(0.01 + waited, rel=0.05)


def test_the_same_seed_gives_the_same_waits() -> None:
    stages = [Stage(0.001, 3, partitions=12)]

    assert latencies(stages, 1000, 500) == latencies(stages, 1000, 500)
    assert latencies(stages, 1000, 500) != latencies(stages, 1000, 500, seed=8)


def test_a_share_that_is_busier_waits_longer() -> None:
    rows = [line.split("|") for line in waits(measured())[4:]]
    medians = [float(row[2]) for row in rows]

    assert len(medians) == 5
    assert medians == sorted(medians)


def test_each_rate_has_a_row_with_documents_and_one_without() -> None:
    rows = [line.split("|")[1:3] for line in sizes(measured())[4:]]

    assert [[cell.strip() for cell in row] for row in rows] == [
        [rate, documents] for rate in ("1,000", "10,000", "100,000") for documents in ("no", "yes")
    ]


def test_a_plan_costs_what_was_found_without_what_a_second_costs() -> None:
    names = (*measured().approval, "supervisor", "client")
    found = {
        "machine": {"at": "2026-03-04T05:06:07Z", "cores": 2, "processor": "of ours"},
        "medians": {
            "this system": {
                "closed/plans_per_s": 100.0,
                "upload/uploads_per_s": 10.0,
                "closed/cost/postgres/wal_bytes": 20_000.4,
                **{f"closed/cost/cpu_us/{name}": 500.0 for name in names},
                **{f"upload/cost/cpu_us/{name}": 900.0 for name in names},
                "upload/cost/cpu_us/gateway": 5000.0,
                **{f"idle/core/{name}": 0.01 for name in names},
            }
        },
    }
    before = replace(measured(), relay=300.0, approval={**measured().approval, "gateway": 900.0})
    costs = taken(found, before)

    assert costs.approval == dict.fromkeys(measured().approval, 400.0)  # 100 us a plan go by in any case
    assert costs.upload == {"gateway": 4000.0}  # of the others 1,000 us of 900: unknown, not nothing
    assert (costs.at, costs.machine, costs.wal) == ("2026-03-04", "2 cores, of ours", 20_000)
    assert costs.relay == pytest.approx(133.3)


def test_costs_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "measured.toml"
    file.write_text(written(measured()), "utf-8")

    assert measured(file) == measured()
