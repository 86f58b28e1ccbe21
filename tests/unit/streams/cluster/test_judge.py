"""What servers tell is judged: each thing that does not fit is found by itself, and says what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aiokafka.protocol import admin, commit, coordination, fetch, group, metadata, offset, produce, transaction

from schemas.rights import CLUSTER, CODES, PROCESSES, Kind, Operation
from streams.broker.protocol import EpochsQuestion, MetadataQuestion
from streams.cluster import judge
from streams.cluster.check import Fit, some
from streams.cluster.facts import DatabaseFacts, RegistryFacts
from streams.cluster.judge import OF_LOG_ENDS, SPOKEN
from tests.unit.streams.cluster.shown import ALL, ASKED, BROKER, DATABASE, REGISTRY, asked, broker, only, topics

SENT: list[Any] = [
    produce.ProduceRequest,
    fetch.FetchRequest,
    offset.OffsetRequest,
    metadata.MetadataRequest,
    commit.OffsetCommitRequest,
    commit.OffsetFetchRequest,
    coordination.FindCoordinatorRequest,
    group.JoinGroupRequest,
    group.HeartbeatRequest,
    group.LeaveGroupRequest,
    group.SyncGroupRequest,
    admin.CreateTopicsRequest,
    transaction.InitProducerIdRequest,
    admin.DescribeConfigsRequest,
    admin.AlterConfigsRequest,
]


@pytest.mark.parametrize("request_", SENT, ids=lambda sent: sent.__name__)
def test_the_versions_that_are_asked_for_are_those_that_the_client_speaks(request_: Any) -> None:
    versions = [one.API_VERSION for one in request_._CLASSES]
    _, low, high = SPOKEN[request_.API_KEY]
    assert low in versions
    assert high == max(versions)
    assert len(SPOKEN) == len(SENT)


def test_what_finds_a_lost_end_is_asked_in_the_versions_of_our_own_requests() -> None:
    sent = {one.API_KEY: one.API_VERSION for one in (MetadataQuestion, EpochsQuestion)}
    assert {key: version for key, (_, version) in OF_LOG_ENDS.items()} == sent


def test_servers_that_fit_have_nothing_to_do() -> None:
    checks = [
        *judge.cluster(BROKER, ASKED),
        *judge.rights(BROKER, ASKED),
        *judge.registry(REGISTRY, ASKED),
        *judge.database(DATABASE, ASKED),
    ]
    assert [check for check in checks if check.fit is not Fit.FITS or check.todo] == []
    assert len({check.id for check in checks}) == len(checks)


@pytest.mark.parametrize(
    ("id_", "changed", "wanted", "fit", "said"),
    [
        ("broker.protocol", {"versions": {**BROKER.versions, 0: (0, 2)}}, {}, Fit.NOT, "Produce is 0 to 2"),
        ("broker.protocol", {"versions": {**BROKER.versions, 11: (7, 9)}}, {}, Fit.NOT, "JoinGroup is 7 to 9"),
        ("broker.protocol", {"versions": {0: (0, 9)}}, {}, Fit.NOT, "Fetch is not there"),
        (
            "broker.log-ends",
            {"versions": {**BROKER.versions, 3: (0, 7)}},
            {},
            Fit.BETTER,
            "Metadata is 0 to 7, the watchdog asks 8: what a loss of power takes",
        ),
        ("broker.log-ends", {"versions": {**BROKER.versions, 23: (3, 4)}}, {}, Fit.BETTER, "is 3 to 4, the"),
        ("broker.log-ends", {"versions": {3: (0, 9)}}, {}, Fit.BETTER, "OffsetForLeaderEpoch is not there"),
        ("broker.idempotence", {"versions": {0: (0, 9)}}, {}, Fit.NOT, "no producer starts"),
        ("broker.replication", {"brokers": 2}, {}, Fit.NOT, "3 copies are asked for, there are 2 broker(s)"),
        ("broker.replication", {"cluster_id": "redpanda.1"}, {"replication": 2}, Fit.NOT, "odd numbers alone"),
        ("broker.replication", {"cluster_id": "redpanda.1"}, {"replication": 1}, Fit.BETTER, "are lost with its disk"),
        ("broker.replication", {}, {"replication": 1}, Fit.BETTER, "the last of them with its power"),
        ("broker.auto-create", {"settings": None}, {}, Fit.UNKNOWN, "does not tell"),
        ("broker.auto-create", {"settings": {"auto.create.topics.enable": "true"}}, {}, Fit.BETTER, "by itself"),
        ("broker.sessions", {"settings": {}}, {}, Fit.UNKNOWN, "ours are 6 s"),
        ("broker.sessions", {}, {"session_s": 3}, Fit.NOT, "ours are 3000 ms"),
        ("broker.security", {}, {"in_the_clear": True, "nameless": True}, Fit.BETTER, "without TLS and without a user"),
        ("broker.security", {}, {"nameless": True}, Fit.BETTER, "spoken to without a user"),
        ("broker.security", {}, {"in_the_clear": True, "near": True}, Fit.FITS, "on this machine"),
    ],
)
def test_of_the_brokers(id_: str, changed: Any, wanted: Any, fit: Fit, said: str) -> None:
    check = only(judge.cluster(broker(**changed), asked(**wanted)), id_)
    assert check.fit is fit
    assert said in check.seen


@pytest.mark.parametrize(
    ("low", "high", "ours", "todo"),
    [
        ("6500", "300000", 6.0, "MARKETPLACE_SESSION_TIMEOUT=6.5"),
        ("6000", "300000", 0.5, "MARKETPLACE_SESSION_TIMEOUT=6"),
        ("250", "500", 6.0, "MARKETPLACE_SESSION_TIMEOUT=0.5"),
        ("250", "6000", 6.0, ""),
    ],
)
def test_the_session_that_is_proposed_is_one_that_the_broker_takes(low: str, high: str, ours: float, todo: str) -> None:
    settings = {"group.min.session.timeout.ms": low, "group.max.session.timeout.ms": high}
    check = only(judge.cluster(broker(settings=settings), asked(session_s=ours)), "broker.sessions")
    assert check.todo == todo


def test_a_right_that_is_missing_is_named_with_the_process() -> None:
    allowed = {**BROKER.allowed, (Kind.TOPIC, "task.events"): ALL & ~(1 << CODES[Operation.WRITE])}
    checks = judge.rights(broker(allowed=allowed), ASKED)

    worker = only(checks, "rights.worker")
    assert worker.fit is Fit.NOT
    assert worker.seen == "not allowed: Write on topic task.events"
    assert worker.todo == "marketplace acls worker"
    assert only(checks, "rights.pump").fit is Fit.FITS
    assert len(checks) == len(PROCESSES)


def test_a_topic_that_may_not_be_seen_is_a_right_that_is_missing() -> None:
    (found,) = judge.rights(broker(hidden=frozenset({"projections.dlq"})), asked(processes=("projections",)))
    assert found.seen == "not allowed: Write on topic projections.dlq, Read on topic projections.dlq"


def test_what_the_broker_does_not_tell_of_is_not_known() -> None:
    (found,) = judge.rights(broker(allowed={}), asked(processes=("verify",)))
    assert found.fit is Fit.UNKNOWN
    assert "topic plan.events" in found.seen


def test_to_write_is_enough_for_kafka_and_not_for_redpanda() -> None:
    allowed = {resource: bits for resource, bits in BROKER.allowed.items() if resource != (Kind.CLUSTER, CLUSTER)}
    one = asked(processes=("gateway",))
    assert judge.rights(broker(allowed=allowed), one)[0].fit is Fit.FITS

    (told,) = judge.rights(broker(allowed=allowed, cluster_id="redpanda.1"), one)
    assert (told.fit, told.seen) == (Fit.UNKNOWN, "the broker does not tell of cluster kafka-cluster")
    (refused,) = judge.rights(broker(allowed={**allowed, (Kind.CLUSTER, CLUSTER): 0}, cluster_id="redpanda.1"), one)
    assert refused.seen == "not allowed: IdempotentWrite on cluster kafka-cluster"


@pytest.mark.parametrize(
    ("id_", "changed", "fit", "said"),
    [
        ("registry.reached", {"away": "refused"}, Fit.NOT, "refused"),
        ("registry.avro", {"types": None}, Fit.UNKNOWN, "does not tell"),
        ("registry.avro", {"types": frozenset({"JSON"})}, Fit.NOT, "no Avro"),
        ("registry.mode", {"mode": None}, Fit.UNKNOWN, "no mode"),
        ("registry.mode", {"mode": "READONLY"}, Fit.BETTER, "READONLY"),
        ("registry.mode", {"mode": "READONLY", "missing": True}, Fit.NOT, "no schema can be registered"),
        ("registry.schemas", {"missing": True}, Fit.NOT, "not registered"),
        ("registry.schemas", {"refused": "HTTP 403"}, Fit.UNKNOWN, "403"),
        ("registry.compatibility", {"levels": None}, Fit.UNKNOWN, "no subject of ours"),
        ("registry.compatibility", {"levels": {"a": "BACKWARD", "b": "FULL_TRANSITIVE"}}, Fit.NOT, "a is BACKWARD"),
    ],
)
def test_of_the_registry(id_: str, changed: Any, fit: Fit, said: str) -> None:
    check = only(judge.registry(replace(REGISTRY, **changed), ASKED), id_)
    assert check.fit is fit
    assert said in check.seen


def test_a_registry_elsewhere_is_better_asked_with_tls() -> None:
    checks = judge.registry(REGISTRY, asked(registry_in_the_clear=True))
    assert only(checks, "registry.security").fit is Fit.BETTER
    near = judge.registry(REGISTRY, asked(registry_in_the_clear=True, near=True))
    assert [check for check in near if check.id == "registry.security"] == []


@pytest.mark.parametrize(
    ("id_", "changed", "fit", "said"),
    [
        ("database.reached", {"away": "refused"}, Fit.NOT, "refused"),
        ("database.version", {"version": 150008}, Fit.NOT, "PostgreSQL 15"),
        ("database.durable", {"standby": True}, Fit.NOT, "standby"),
        ("database.durable", {"settings": {"fsync": "off"}}, Fit.NOT, "fsync off"),
        ("database.role", {"superuser": True}, Fit.BETTER, "superuser"),
        ("database.tables", {"migrated": False}, Fit.UNKNOWN, "no tables yet"),
        ("database.tables", {"migrated": False, "may_create": False}, Fit.NOT, "may make no schema"),
        ("database.tables", {"closed": ("decide.outbox",)}, Fit.NOT, "decide.outbox"),
        ("database.encoding", {"encoding": "LATIN1"}, Fit.NOT, "LATIN1"),
        ("database.security", {"tls": False}, Fit.BETTER, "without TLS"),
    ],
)
def test_of_the_database(id_: str, changed: Any, fit: Fit, said: str) -> None:
    check = only(judge.database(replace(DATABASE, **changed), ASKED), id_)
    assert check.fit is fit
    assert said in check.seen


def test_clocks_that_differ_are_told_with_by_how_much() -> None:
    checks = judge.clocks(replace(REGISTRY, ahead_s=-3.0), replace(DATABASE, ahead_s=1.5))
    assert only(checks, "clock.database").seen == "the database's clock is 1.5 s ahead of this machine's"
    assert only(checks, "clock.registry").seen == "the registry's clock is 3.0 s behind this machine's"
    assert only(checks, "clock.broker").fit is Fit.UNKNOWN


def test_whole_seconds_of_a_registry_are_no_difference() -> None:
    assert only(judge.clocks(replace(REGISTRY, ahead_s=1.4), DATABASE), "clock.registry").fit is Fit.FITS


def test_a_clock_that_cannot_be_asked_is_left_out() -> None:
    checks = judge.clocks(RegistryFacts(away="it is not there"), DatabaseFacts(away="nor is this"))
    assert [check.id for check in checks] == ["clock.broker"]


def test_many_names_are_cut() -> None:
    assert some(list("abcdef")) == "a, b, c, d and 2 more"


def test_settings_tell_a_redpanda_too() -> None:
    assert broker(topics=topics({"write.caching": "false"})).is_redpanda
    assert broker(topics=topics({"redpanda.remote.read": "false"})).is_redpanda
    assert not BROKER.is_redpanda
