"""topics.toml: every event has its place, every place its schema, and the constants in the code are declared."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from schemas import topics
from schemas.catalogue import versions
from schemas.events import Event
from schemas.registry import placements, subject_of
from schemas.topics import Group, Topic, declared, defaults, group_of, groups, home_of
from streams.broker.placement import topic_of
from streams.retries.ladder import Ladder

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES = {"gateway", "streams", "projections"}
DAY_MS = 24 * 3600 * 1000
ALL = list(declared().values())


def belongs(type_: str) -> set[str]:
    """Return where an event type has to be, by its name."""
    match type_.partition(".")[0]:
        case "plan":
            return {topics.PLAN_EVENTS}
        case "task":
            return {topics.TASK_EVENTS}
        case "goods":
            return {topics.GOODS_EVENTS}
        case "analysis":
            return set(topics.WORK.values())
        case "breaker" | "worker" | "deadletter" | "command" | "alert":
            return {topics.SYSTEM_EVENTS}
    raise AssertionError(f"no topic is meant for {type_}")


@pytest.mark.parametrize("type_", versions())
def test_an_event_is_on_exactly_its_topics(type_: str) -> None:
    assert {topic.name for topic in ALL if type_ in topic.events} == belongs(type_)


def written() -> str:
    """Return all code that makes events: agents, commands, and what is decided in the database."""
    code = [*ROOT.glob("streams/**/*.py"), *ROOT.glob("schemas/*.py"), *ROOT.glob("gateway/commands/*.py")]
    sql = [path for package in sorted(PACKAGES | {"schemas"}) for path in ROOT.glob(f"{package}/**/*.sql")]
    # which handler an event goes to is chosen from all that there are
    return "\n".join(path.read_text("utf-8") for path in (*code, *sql) if path.name != "dispatch.py")


def test_no_event_is_declared_that_nothing_writes() -> None:
    text = written()
    assert [type_ for type_ in versions() if f'"{type_}"' not in text and f"'{type_}'" not in text] == []


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.name)
def test_a_topic_carries_known_events_and_each_once(topic: Topic) -> None:
    assert set(topic.events) <= set(versions())
    assert len(topic.events) == len(set(topic.events))


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.name)
def test_a_topic_says_what_it_is(topic: Topic) -> None:
    assert topic.doc.endswith(".")
    assert topic.producers
    assert topic.consumers
    assert set(topic.producers) | set(topic.consumers) <= PACKAGES
    assert topic.partitions > 0


def test_histories_are_kept_for_ever_and_dead_letters_for_long() -> None:
    assert declared()[topics.PLAN_EVENTS].retention_ms == declared()[topics.TASK_EVENTS].retention_ms == -1
    assert declared()[topics.AGENTS_DLQ].retention_ms >= 30 * DAY_MS
    assert declared()[topics.PROJECTIONS_DLQ].retention_ms >= 30 * DAY_MS


def test_a_retry_keeps_its_partition() -> None:
    """Same key, same number of partitions: a plan's records stay in one line through all tiers."""
    tiers = [name for name, _ in topics.RETRY_TIERS]
    line = [topics.PLAN_EVENTS, topics.TASK_EVENTS, topics.REDELIVER, *tiers, *topics.WORK.values()]
    assert {declared()[name].partitions for name in line} == {12}


def test_the_tiers_rise_and_their_names_say_how_long() -> None:
    delays = [delay for _, delay in topics.RETRY_TIERS]
    assert delays == sorted(set(delays))
    assert [f"agents.retry.{delay:g}s" for delay in delays] == [name for name, _ in topics.RETRY_TIERS]
    assert Ladder().max_attempts == 3


def test_every_constant_is_declared() -> None:
    used = {value for name, value in vars(topics).items() if name.isupper() and isinstance(value, str)} - set(groups())
    used |= set(topics.WORK.values()) | {name for name, _ in topics.RETRY_TIERS}
    assert set(declared()) == used


@pytest.mark.parametrize("group", groups().values(), ids=lambda group: group.name)
def test_a_group_says_who_reads_what(group: Group) -> None:
    assert group.doc.endswith(".")
    assert set(group.topics) <= set(declared())
    assert all(group.package in declared()[name].consumers for name in group.topics)
    assert group.redelivered is None or group.redelivered in group.topics
    assert group_of(group.role) == group.name


def test_who_writes_a_topic_is_of_a_package_that_makes_its_events() -> None:
    package = {"gateway": "gateway", "projections": "projections"} | dict.fromkeys(
        ("worker", "runner", "pump"), "streams"
    )
    assert all(topic.writers for topic in ALL)
    assert [t.name for t in ALL if not {package[writer] for writer in t.writers} <= set(t.producers)] == []


def test_who_consumes_a_topic_reads_it_in_a_group() -> None:
    read = {(topic, group.package) for group in groups().values() for topic in group.topics}

    assert {(t.name, package) for t in ALL for package in t.consumers} == read


def test_every_group_has_its_constant() -> None:
    assert set(groups()) == {topics.AGENTS, topics.ANALYSIS, topics.RETRY_PUMP, topics.PROJECTIONS}
    assert group_of("gateway") is None


def test_the_defaults_are_for_one_broker() -> None:
    assert defaults() == {"replication": 1, "min_insync_replicas": 1}


def test_home_of_an_event() -> None:
    assert home_of("plan.phase1.created") == "plan.events"
    assert home_of("task.created") == "task.events"
    with pytest.raises(KeyError):
        home_of("plan.imagined")


@pytest.mark.parametrize("lane", ["high", "normal", "low"])
def test_an_analysis_waits_in_the_lane_of_its_plan(lane: str) -> None:
    event = Event("analysis.requested", "e", "s", 1, 1, "c", "p", "a", {"priority": lane})
    assert topic_of(event) == f"analysis.work.{lane}"


def test_everything_else_goes_home() -> None:
    homes = {t: topic_of(Event(t, "e", "s", 1, 1, "c", "p", "a", {})) for t in versions() if t != "analysis.requested"}
    assert homes == {t: home_of(t) for t in homes}


def test_a_placement_has_a_subject_of_its_own() -> None:
    subjects = [subject_of(topic, type_) for topic, type_ in placements()]
    assert len(subjects) == len(set(subjects)) == len(versions()) + 2  # analysis.requested is in three lanes
    assert "plan.events-marketplace.plan.PlanPhase1Created" in subjects
