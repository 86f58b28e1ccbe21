"""What each process may do at the broker follows from the topics, their writers and the groups."""

from __future__ import annotations

import pytest

from schemas.rights import CLUSTER, CODES, PROCESSES, SHOWN, Kind, Operation, Right, missing, rights_of, rights_of_all
from schemas.topics import PROJECTIONS_DLQ, Group, declared, groups


def named(process: str, kind: Kind, operation: Operation) -> set[str]:
    return {right.name for right in rights_of(process) if (right.kind, right.operation) == (kind, operation)}


@pytest.mark.parametrize("group", groups().values(), ids=lambda group: group.name)
def test_a_member_reads_its_group_and_its_topics(group: Group) -> None:
    assert named(group.role, Kind.TOPIC, Operation.READ) == set(group.topics)
    assert len(named(group.role, Kind.GROUP, Operation.READ)) == 1


def test_a_topic_is_written_by_its_writers_alone() -> None:
    for topic in declared().values():
        writers = {process for process in PROCESSES if topic.name in named(process, Kind.TOPIC, Operation.WRITE)}
        assert writers == set(topic.writers)


def test_who_writes_may_do_it_without_repeats() -> None:
    assert named("projections", Kind.TOPIC, Operation.WRITE) == {PROJECTIONS_DLQ}
    assert named("projections", Kind.CLUSTER, Operation.IDEMPOTENT_WRITE) == {CLUSTER}
    assert named("watchdog", Kind.CLUSTER, Operation.IDEMPOTENT_WRITE) == set()


def test_the_projections_show_their_offsets_in_the_name_of_a_group() -> None:
    assert named("projections", Kind.GROUP, Operation.READ) == {SHOWN}


@pytest.mark.parametrize("process", ["watchdog", "backup"])
def test_who_looks_at_all_changes_nothing(process: str) -> None:
    assert {right.operation for right in rights_of(process)} == {Operation.DESCRIBE, Operation.READ}
    assert named(process, Kind.TOPIC, Operation.READ) == set(declared())
    assert not named(process, Kind.GROUP, Operation.READ)
    assert named(process, Kind.GROUP, Operation.DESCRIBE) == {"agents", "analysis", "retry-pump"}
    assert named(process, Kind.CLUSTER, Operation.DESCRIBE) == ({CLUSTER} if process == "watchdog" else set())


def test_only_provision_makes_and_changes_topics() -> None:
    changing = {Operation.CREATE, Operation.ALTER_CONFIGS}
    assert {p for p in PROCESSES if {right.operation for right in rights_of(p)} & changing} == {"provision"}
    assert named("provision", Kind.TOPIC, Operation.CREATE) == set(declared())


def test_verify_reads_and_no_more() -> None:
    assert {right.operation for right in rights_of("verify")} == {Operation.READ}


def test_one_user_for_all_has_each_right_once() -> None:
    whole = rights_of_all()
    assert len(whole) == len(set(whole))
    assert set(whole) == {right for process in PROCESSES for right in rights_of(process)}


def test_a_process_that_speaks_to_no_broker_has_none() -> None:
    with pytest.raises(KeyError):
        rights_of("alerts")


def test_what_is_not_allowed_is_missing_and_what_is_not_told_is_not() -> None:
    read, write = (Right(Kind.TOPIC, "a", operation) for operation in (Operation.READ, Operation.WRITE))
    elsewhere = Right(Kind.TOPIC, "b", Operation.WRITE)
    bits = 1 << CODES[Operation.READ]
    assert missing([read, write, elsewhere], {(Kind.TOPIC, "a"): bits}) == [write]
