"""Topics as brokers tell them: each setting that the system needs is judged for itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.topics import declared
from streams.cluster import judge_topics
from streams.cluster.check import Fit
from streams.cluster.facts import TopicFacts
from streams.cluster.judge_topics import topics as judged
from tests.unit.streams.cluster.shown import ASKED, BROKER, REDPANDA, asked, broker, only, topics


def changed(name: str, **other: Any) -> dict[str, TopicFacts]:
    """Return the topics, one of which is otherwise; `settings` are added to its own."""
    there = topics()
    one = there[name]
    settings = {**(one.settings or {}), **other.pop("settings", {})}
    return there | {name: replace(one, settings=settings, **other)}


def test_topics_as_declared_fit() -> None:
    checks = judged(BROKER, ASKED)
    assert [check for check in checks if check.fit is not Fit.FITS or check.todo] == []
    assert len({check.id for check in checks}) == len(checks)


def test_the_same_on_redpanda() -> None:
    checks = judged(broker(cluster_id="redpanda.1", topics=topics(REDPANDA)), asked(min_insync=1))
    assert [check for check in checks if check.fit is not Fit.FITS] == []
    assert only(checks, "topics.write-caching").seen == "a record is on disks before it is acknowledged"


@pytest.mark.parametrize(
    ("id_", "there", "fit", "said"),
    [
        ("topics.partitions", changed("agents.dlq", partitions=5), Fit.NOT, "agents.dlq has 5, not 3"),
        ("topics.replication", changed("agents.dlq", replicas=1), Fit.NOT, "agents.dlq has 1, asked for are 3"),
        ("topics.replication", changed("agents.dlq", in_sync=2), Fit.BETTER, "copies are behind: agents.dlq"),
        ("topics.cleanup", changed("plan.events", settings={"cleanup.policy": "compact"}), Fit.NOT, "compact"),
        ("topics.retention", changed("plan.events", settings={"retention.ms": "604800000"}), Fit.NOT, "604800000"),
        ("topics.retention-bytes", changed("plan.events", settings={"retention.bytes": "1000"}), Fit.NOT, "1000"),
        ("topics.record-size", changed("agents.dlq", settings={"max.message.bytes": "1000"}), Fit.NOT, "has 1000"),
        (
            "topics.leaders",
            changed("plan.events", settings={"unclean.leader.election.enable": "true"}),
            Fit.NOT,
            "plan.events has true",
        ),
        ("topics.min-insync", changed("plan.events", settings={"min.insync.replicas": "1"}), Fit.NOT, "has 1, asked"),
    ],
)
def test_one_that_differs_is_named(id_: str, there: dict[str, TopicFacts], fit: Fit, said: str) -> None:
    check = only(judged(broker(topics=there), ASKED), id_)
    assert check.fit is fit
    assert said in check.seen


def test_records_that_are_acknowledged_before_they_are_on_a_disk() -> None:
    there = topics(REDPANDA | {"write.caching": "true"})
    assert only(judged(broker(topics=there), ASKED), "topics.write-caching").fit is Fit.NOT


def test_a_topic_that_is_missing_is_named() -> None:
    there = topics()
    del there["plan.events"]
    check = only(judged(broker(topics=there), ASKED), "topics.there")
    assert (check.fit, check.seen) == (Fit.NOT, "missing: plan.events")


def test_before_provision_nothing_is_known_but_what_the_brokers_take() -> None:
    checks = judged(broker(topics={}), ASKED)
    assert [check.id for check in checks] == ["topics.there", "topics.min-insync"]
    assert {check.fit for check in checks} == {Fit.UNKNOWN}
    small = judged(broker(topics={}, settings={"message.max.bytes": "1000"}), ASKED)
    assert only(small, "broker.record-size").fit is Fit.NOT


def test_topics_that_may_not_be_seen_are_no_missing_ones() -> None:
    check = only(judged(broker(topics={}, hidden=frozenset(topics())), ASKED), "topics.there")
    assert (check.fit, check.todo) == (Fit.UNKNOWN, "marketplace acls")


def test_settings_that_may_not_be_read_are_not_known() -> None:
    there = {name: replace(topic, settings=None) for name, topic in topics().items()}
    checks = judged(broker(topics=there), ASKED)
    assert only(checks, "topics.settings").fit is Fit.UNKNOWN
    assert only(checks, "topics.min-insync").fit is Fit.UNKNOWN


def test_a_setting_that_no_topic_tells_is_not_known() -> None:
    there = {name: replace(topic, settings={"retention.ms": "x"}) for name, topic in topics().items()}
    assert only(judged(broker(topics=there), ASKED), "topics.record-size").fit is Fit.UNKNOWN


@pytest.mark.parametrize(
    ("wanted", "fit", "said"),
    [
        ({"min_insync": 4}, Fit.NOT, "nothing is ever acknowledged"),
        ({"min_insync": 3}, Fit.BETTER, "one broker less"),
        ({"min_insync": 1}, Fit.BETTER, "1 of 3 copies"),
        ({"min_insync": 2}, Fit.FITS, "2 of 3"),
        ({"replication": 1, "min_insync": 1}, Fit.FITS, "1 of 1"),
    ],
)
def test_how_many_copies_have_to_have_a_record(wanted: Any, fit: Fit, said: str) -> None:
    own = {"min.insync.replicas": str(wanted["min_insync"])}
    check = only(judged(broker(topics=topics(own)), asked(**wanted)), "topics.min-insync")
    assert check.fit is fit
    assert said in check.seen


def test_redpanda_has_no_such_setting_and_who_asks_for_it_is_told() -> None:
    there = broker(cluster_id="redpanda.1", topics=topics(REDPANDA))
    refused = only(judged(there, ASKED), "topics.min-insync")
    assert refused.fit is Fit.NOT
    assert refused.seen == "MARKETPLACE_MIN_INSYNC is 2, and Redpanda has no such setting"
    assert only(judged(there, asked(says_min_insync=False)), "topics.min-insync").fit is Fit.FITS


def test_a_prefix_is_told_and_one_that_is_not_the_logs_does_not_fit() -> None:
    assert judge_topics.names(ASKED, None) == []
    assert judge_topics.names(ASKED, "") == []
    north = asked(prefix="north.")
    (told,) = judge_topics.names(north, None)
    assert told.fit is Fit.FITS
    assert "have north. before their names" in told.seen
    (other,) = judge_topics.names(north, "south.")
    assert (other.fit, other.todo) == (Fit.NOT, "MARKETPLACE_TOPIC_PREFIX=south.")


def grown(count: int, **other: int) -> dict[str, TopicFacts]:
    """Return topics that grew; `other` has another number of some, _ for a dot."""
    there = topics()
    counts = {name: count for name, topic in declared().items() if topic.grows}
    counts |= {name.replace("_", "."): few for name, few in other.items()}
    return there | {name: replace(there[name], partitions=few) for name, few in counts.items()}


def test_topics_to_which_partitions_were_added_fit_where_all_have_as_many() -> None:
    check = only(judged(broker(topics=grown(24)), ASKED), "topics.partitions")
    assert (check.fit, check.seen) == (Fit.FITS, "24 of each topic that grows")

    check = only(judged(broker(topics=grown(24, task_events=12)), ASKED), "topics.partitions")
    assert (check.fit, check.seen) == (Fit.NOT, "task.events has 12, not 24")
    assert check.todo == "python -m streams.provision apply"

    check = only(judged(broker(topics=grown(24, task_events=6)), ASKED), "topics.partitions")
    assert check.todo.startswith("make the topic anew")
