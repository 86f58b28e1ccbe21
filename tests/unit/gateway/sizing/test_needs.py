"""What a rate of plans needs follows from what one plan costs, by hand-made costs that are easy to multiply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.operations.housekeeping import TABLES
from gateway.sizing.kept import measured
from gateway.sizing.measured import Measured
from gateway.sizing.needs import BUSY, DAY_S, GIB, OUTBOX_S, PARTITIONS, PROCESSES, Needs, Wish, needs
from local.blueprint import MODULES
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, WORK, declared

COSTS = Measured(
    at="2026-01-02",
    machine="one of ours",
    tasks=5,
    approval={
        "gateway": 600.0, "worker": 1000.0, "projections": 900.0, "postgres": 1200.0, "broker": 300.0, "registry": 1.0,
        "pump": 10.0, "watchdog": 60.0, "alerts": 6.0,
    },
    upload={"gateway": 60_000.0, "runner": 6000.0},
    relay=200.0,
    wal=20_000,
    log=10_000,
    rows=30_000,
    outbox=18_000,
)  # fmt: skip
WITHOUT = Wish(100, documents=False)


def processes(found: Needs) -> dict[str, int]:
    return {part.name: part.processes for part in found.parts}


def busy(found: Needs) -> dict[str, float]:
    return {part.name: round(part.busy, 6) for part in found.parts}


def test_each_process_is_busy_for_what_a_plan_costs_it_times_the_rate() -> None:
    found = busy(needs(WITHOUT, COSTS))

    assert (found["gateway"], found["worker"], found["projections"]) == (0.06, 0.1, 0.09)
    assert found["broker"] == 0.09  # three copies
    assert found["postgres"] == 0.24  # and its standby


def test_documents_cost_whoever_reads_them() -> None:
    found = busy(needs(replace(WITHOUT, documents=True), COSTS))

    assert (found["gateway"], found["runner"]) == (6.06, 0.6)


def test_there_is_one_process_more_than_the_work_asks_for() -> None:
    # 2 cores' work at 1,000 us a plan: four workers busy for 60 % at most
    found = processes(needs(replace(WITHOUT, plans_per_second=2000), replace(COSTS, relay=1.0)))

    assert found["worker"] == 5
    assert (found["watchdog"], found["alerts"], found["postgres"], found["broker"]) == (2, 2, 2, 3)


def test_each_broker_and_each_database_has_a_core_of_its_own() -> None:
    cores = {part.name: part.cores for part in needs(replace(WITHOUT, plans_per_second=1), COSTS).parts}

    assert (cores["broker"], cores["postgres"], cores["watchdog"]) == (3, 2, 1)


def test_one_system_is_limited_by_what_one_process_does_alone() -> None:
    found = needs(replace(WITHOUT, plans_per_second=3000), COSTS)

    assert found.limit == "relay"
    assert found.limits["relay"] == pytest.approx(3000)  # 60 % of a second in parts of 200 us
    assert found.limits["worker"] == pytest.approx(PARTITIONS * 600)
    assert found.systems == 1
    assert needs(replace(WITHOUT, plans_per_second=3001), COSTS).systems == 2


def test_what_nothing_is_known_of_limits_nothing_and_is_said() -> None:
    without, with_documents = needs(WITHOUT, COSTS), needs(replace(WITHOUT, documents=True), COSTS)
    assert "runner" not in without.limits
    assert without.unknown == ("runner",)
    assert with_documents.unknown == ("postgres", "broker", "worker", "runner", "projections")
    assert "runner" in processes(without)  # it is there all the same


def test_a_longer_plan_costs_more_where_its_events_go() -> None:
    found = busy(needs(replace(WITHOUT, tasks=12), COSTS))  # 14 events in place of 7

    assert (found["worker"], found["broker"], found["gateway"]) == (0.2, 0.18, 0.06)


def test_bytes_are_those_of_all_days_and_copies() -> None:
    found = needs(replace(WITHOUT, days=2, replicas=2), COSTS)

    assert found.log_per_second == 1_000_000
    assert found.log_bytes == 1_000_000 * 2 * DAY_S * 2
    assert found.database_bytes == 100 * (30_000 * 2 * DAY_S + 18_000 * OUTBOX_S)
    assert found.wal_per_second == 2_000_000
    assert found.disk == found.log_bytes + 2 * found.database_bytes


def test_a_month_costs_its_cores_and_disks() -> None:
    found = needs(WITHOUT, COSTS)

    assert found.month(core=0, gib=1) == pytest.approx(found.disk / GIB)
    assert found.month(core=2, gib=0) == 2 * sum(part.cores for part in found.parts)
    assert all(part.cores * BUSY >= part.busy - 1e-6 for part in found.parts)


@pytest.mark.parametrize("wish", [Wish(0), Wish(1, tasks=0), Wish(1, days=-1), Wish(1, replicas=0)])
def test_a_wish_of_nothing_is_refused(wish: Wish) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        needs(wish, COSTS)


def test_it_plans_with_what_the_system_has() -> None:
    topics = declared()
    assert {topics[name].partitions for name in (PLAN_EVENTS, TASK_EVENTS, *WORK.values())} == {PARTITIONS}
    (outbox,) = [kept for kept in TABLES if kept.table == "decide.outbox"]
    assert f"interval '{OUTBOX_S // 3600} hours'" in outbox.old


def test_what_is_kept_tells_of_every_process_or_what_it_takes_is_unknown() -> None:
    told = {*measured().approval, *needs(Wish(1), measured()).unknown}
    assert told == set(PROCESSES) == {module.name for module in MODULES if not module.once} | {"postgres", "broker"}
    assert all(us > 0 for us in (*measured().approval.values(), *measured().upload.values()))
    assert measured().relay < measured().approval["gateway"]
