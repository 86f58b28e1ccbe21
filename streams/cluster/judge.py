"""Judges the servers' answers: one check for each thing that the system needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemas.compatibility import LEVEL
from schemas.rights import CODES, Kind, Operation, missing, rights_of
from streams.cluster.check import Check, Fit, some
from streams.cluster.facts import Asked, BrokerFacts, DatabaseFacts, RegistryFacts

#: API key -> its name, and the versions of it that the clients speak, lowest and highest, of those that do for us:
#: batches with headers, and members that commit.
SPOKEN: Final[Mapping[int, tuple[str, int, int]]] = {
    0: ("Produce", 3, 7),
    1: ("Fetch", 4, 11),
    2: ("ListOffsets", 1, 3),
    3: ("Metadata", 0, 5),
    8: ("OffsetCommit", 2, 3),
    9: ("OffsetFetch", 1, 3),
    10: ("FindCoordinator", 0, 1),
    11: ("JoinGroup", 0, 5),
    12: ("Heartbeat", 0, 1),
    13: ("LeaveGroup", 0, 1),
    14: ("SyncGroup", 0, 3),
    19: ("CreateTopics", 0, 3),
    22: ("InitProducerId", 0, 0),
    32: ("DescribeConfigs", 0, 2),
    33: ("AlterConfigs", 0, 1),
}
#: API key -> what the watchdog alone asks by it, to find a log that lost its end: the name and the version.
OF_LOG_ENDS: Final[Mapping[int, tuple[str, int]]] = {3: ("Metadata", 8), 23: ("OffsetForLeaderEpoch", 2)}
#: The key without which no producer of ours starts.
IDEMPOTENT: Final = 22
#: Bytes of a record that a producer sends at most.
LARGEST: Final = 1_048_576
#: Clocks that differ by more than this make deadlines and ages wrong by as much.
SKEW_S: Final = 1.0
APPLY: Final = "python -m streams.provision apply"
MIGRATE: Final = "python -m projections.migrate"
_STANDS_FOR: Final = {Operation.IDEMPOTENT_WRITE}
#: The oldest Postgres, as its `server_version_num`.
OLDEST: Final = 160000


def cluster(broker: BrokerFacts, asked: Asked) -> list[Check]:
    """Judge what concerns the brokers as a whole."""
    kind = "Redpanda" if broker.is_redpanda else "Kafka's protocol"
    checks = [
        Check("broker.reached", Fit.FITS, f"{kind}, {broker.brokers} broker(s), cluster {broker.cluster_id}"),
        _protocol(broker),
        _log_ends(broker),
        _idempotence(broker),
        _replication(broker, asked),
        _auto_create(broker),
        _sessions(broker, asked),
    ]
    if asked.in_the_clear or asked.nameless:
        how = " and ".join(
            [*(["without TLS"] if asked.in_the_clear else []), *(["without a user"] if asked.nameless else [])]
        )
        fit = Fit.FITS if asked.near else Fit.BETTER
        todo = "" if asked.near else "MARKETPLACE_BROKER_SECURITY=SASL_SSL, with a user for each process"
        where = ", on this machine" if asked.near else ""
        checks.append(Check("broker.security", fit, f"brokers are spoken to {how}{where}", todo))
    else:
        checks.append(Check("broker.security", Fit.FITS, "TLS, and a user"))
    return checks


def _protocol(broker: BrokerFacts) -> Check:
    wrong = []
    for key, (name, low, high) in SPOKEN.items():
        there = broker.versions.get(key)
        if there is None:
            wrong.append(f"{name} is not there")
        elif there[1] < low or there[0] > high:
            wrong.append(f"{name} is {there[0]} to {there[1]}, the clients speak {low} to {high}")
    if wrong:
        return Check("broker.protocol", Fit.NOT, some(wrong), "another version of the broker")
    return Check("broker.protocol", Fit.FITS, f"all {len(SPOKEN)} requests that the clients make")


def _log_ends(broker: BrokerFacts) -> Check:
    id_, wrong = "broker.log-ends", []
    for key, (name, version) in OF_LOG_ENDS.items():
        low, high = broker.versions.get(key, (0, -1))
        if not low <= version <= high:
            there = f"{low} to {high}" if high >= 0 else "not there"
            wrong.append(f"{name} is {there}, the watchdog asks {version}")
    if wrong:
        seen = f"{some(wrong)}: what a loss of power takes from the log is not found"
        return Check(id_, Fit.BETTER, seen, "another version of the broker")
    return Check(id_, Fit.FITS, "it tells where the log of each leader ended")


def _idempotence(broker: BrokerFacts) -> Check:
    id_ = "broker.idempotence"
    if IDEMPOTENT not in broker.versions:
        return Check(id_, Fit.NOT, "no InitProducerId: no producer starts", "on Redpanda enable_idempotence=true")
    return Check(id_, Fit.FITS, "producers are idempotent; transactions are not used")


def _replication(broker: BrokerFacts, asked: Asked) -> Check:
    id_ = "broker.replication"
    if broker.brokers < asked.replication:
        seen = f"{asked.replication} copies are asked for, there are {broker.brokers} broker(s)"
        return Check(id_, Fit.NOT, seen, f"MARKETPLACE_REPLICATION={broker.brokers} at most, or more brokers")
    if broker.is_redpanda and asked.replication % 2 == 0:
        seen = f"{asked.replication} copies: Redpanda takes odd numbers alone"
        return Check(id_, Fit.NOT, seen, f"MARKETPLACE_REPLICATION={asked.replication - 1 or 1}")
    if asked.replication == 1:
        lost = "with its disk" if broker.is_redpanda else "with its disk; the last of them with its power"
        todo = "three brokers, MARKETPLACE_REPLICATION=3"
        return Check(id_, Fit.BETTER, f"one copy: a broker's records are lost {lost}", todo)
    return Check(id_, Fit.FITS, f"{asked.replication} copies on {broker.brokers} brokers")


def _auto_create(broker: BrokerFacts) -> Check:
    value = (broker.settings or {}).get("auto.create.topics.enable")
    if value is None:
        return Check("broker.auto-create", Fit.UNKNOWN, "the broker does not tell whether it makes topics by itself")
    if value == "true":
        todo = "auto.create.topics.enable=false: a topic that is asked for too early has the wrong partitions"
        return Check("broker.auto-create", Fit.BETTER, "the broker makes topics by itself", todo)
    return Check("broker.auto-create", Fit.FITS, "topics are made by provision alone")


def _sessions(broker: BrokerFacts, asked: Asked) -> Check:
    id_, settings = "broker.sessions", broker.settings or {}
    low, high = (settings.get(f"group.{end}.session.timeout.ms") for end in ("min", "max"))
    if low is None or high is None:
        seen = f"the broker does not tell which sessions it takes; ours are {asked.session_s:g} s"
        return Check(id_, Fit.UNKNOWN, seen)
    if not int(low) <= asked.session_s * 1000 <= int(high):
        seen = f"sessions of {low} to {high} ms, ours are {asked.session_s * 1000:g} ms"
        nearest_ms = int(low if asked.session_s * 1000 < int(low) else high)
        return Check(id_, Fit.NOT, seen, f"MARKETPLACE_SESSION_TIMEOUT={nearest_ms / 1000}".removesuffix(".0"))
    return Check(id_, Fit.FITS, f"sessions of {low} to {high} ms, ours are {asked.session_s * 1000:g} ms")


def rights(broker: BrokerFacts, asked: Asked) -> list[Check]:
    """Judge what the user of this check may do, for each process that would be this user."""
    checks = []
    for process in asked.processes:
        needed = [right for right in rights_of(process) if not (right.operation in _STANDS_FOR and _writes(broker))]
        hidden = [right for right in needed if right.kind is Kind.TOPIC and right.name in broker.hidden]
        lacking = hidden + missing([right for right in needed if right not in hidden], broker.allowed)
        unseen = [right for right in needed if (right.kind, right.name) not in broker.allowed and right not in lacking]
        id_ = f"rights.{process}"
        if lacking:
            names = [f"{right.operation} on {right.kind} {right.name}" for right in lacking]
            checks.append(Check(id_, Fit.NOT, f"not allowed: {some(names)}", f"marketplace acls {process}"))
        elif unseen:
            names = list(dict.fromkeys(f"{right.kind} {right.name}" for right in unseen))
            checks.append(Check(id_, Fit.UNKNOWN, f"the broker does not tell of {some(names)}"))
        else:
            checks.append(Check(id_, Fit.FITS, f"all {len(needed)} rights"))
    return checks


def _writes(broker: BrokerFacts) -> bool:
    """Return whether the right to write some topic stands for that to be idempotent: on Kafka since 3.0."""
    may = (bits >> CODES[Operation.WRITE] & 1 for (kind, _), bits in broker.allowed.items() if kind is Kind.TOPIC)
    return not broker.is_redpanda and any(may)


def registry(found: RegistryFacts, asked: Asked) -> list[Check]:
    """Judge the schema registry."""
    if found.away:
        todo = "start it, or set MARKETPLACE_REGISTRY_URL; with a login: https://user:password@host"
        return [Check("registry.reached", Fit.NOT, found.away, todo)]
    checks = [Check("registry.reached", Fit.FITS, "it answers")]
    if asked.registry_in_the_clear and not asked.near:
        checks.append(Check("registry.security", Fit.BETTER, "it is asked without TLS", "an https:// address"))
    if found.types is None:
        checks.append(Check("registry.avro", Fit.UNKNOWN, "it does not tell which types of schemas it takes"))
    elif "AVRO" not in found.types:
        checks.append(Check("registry.avro", Fit.NOT, "it takes no Avro", "another registry"))
    else:
        checks.append(Check("registry.avro", Fit.FITS, "it takes Avro"))
    checks += [_mode(found), _schemas(found), _levels(found)]
    return checks


def _mode(found: RegistryFacts) -> Check:
    id_ = "registry.mode"
    if found.mode is None:
        return Check(id_, Fit.UNKNOWN, "it has no mode that can be asked for")
    if found.mode != "READWRITE":
        fit = Fit.NOT if found.missing else Fit.BETTER
        return Check(id_, fit, f"its mode is {found.mode}: no schema can be registered", "mode READWRITE")
    return Check(id_, Fit.FITS, "its mode is READWRITE")


def _schemas(found: RegistryFacts) -> Check:
    if found.refused:
        return Check("registry.schemas", Fit.UNKNOWN, found.refused)
    if found.missing:
        return Check("registry.schemas", Fit.NOT, "schemas of ours are not registered", APPLY)
    return Check("registry.schemas", Fit.FITS, "every schema is registered, with an id")


def _levels(found: RegistryFacts) -> Check:
    id_ = "registry.compatibility"
    if not found.levels:
        return Check(id_, Fit.UNKNOWN, "no subject of ours has a level of its own yet", APPLY)
    other = sorted(f"{subject} is {level}" for subject, level in found.levels.items() if level != LEVEL)
    if other:
        return Check(id_, Fit.NOT, some(other), f"{LEVEL} for each of them: old events have to stay readable")
    return Check(id_, Fit.FITS, f"{len(found.levels)} subjects are {LEVEL}")


def clocks(found: RegistryFacts, database: DatabaseFacts) -> list[Check]:
    """Judge the clocks. Kafka's protocol tells no time."""
    checks = [Check("clock.broker", Fit.UNKNOWN, "brokers tell no time; records have the clocks of their producers")]
    told = {"database": None if database.away else database.ahead_s, "registry": found.ahead_s}
    for name, ahead_s in told.items():
        if ahead_s is None:
            continue
        far = abs(ahead_s) > SKEW_S + (1.0 if name == "registry" else 0.0)  # its header has whole seconds
        side = "ahead of" if ahead_s > 0 else "behind"
        seen = f"the {name}'s clock is {abs(ahead_s):.1f} s {side} this machine's" if far else f"the {name}'s agrees"
        checks.append(Check(f"clock.{name}", Fit.NOT if far else Fit.FITS, seen, "set clocks by NTP" if far else ""))
    return checks


def database(found: DatabaseFacts, asked: Asked) -> list[Check]:
    """Judge Postgres, and the role that this check has signed in with."""
    if found.away:
        return [Check("database.reached", Fit.NOT, found.away, "start it, or set MARKETPLACE_DATABASE_URL")]
    return [
        Check("database.reached", Fit.FITS, f"it answers {found.user}"),
        _version(found),
        _durable(found),
        _role(found),
        _tables(found),
        *_encoding(found),
        *([] if found.tls or asked.near else [_in_the_clear()]),
    ]


def _in_the_clear() -> Check:
    return Check("database.security", Fit.BETTER, "it is spoken to without TLS", "?sslmode=verify-full in its URL")


def _version(found: DatabaseFacts) -> Check:
    major = found.version // 10000
    if found.version < OLDEST:
        return Check("database.version", Fit.NOT, f"PostgreSQL {major}", f"PostgreSQL {OLDEST // 10000} or newer")
    return Check("database.version", Fit.FITS, f"PostgreSQL {major}")


def _durable(found: DatabaseFacts) -> Check:
    id_ = "database.durable"
    if found.standby:
        return Check(id_, Fit.NOT, "it is a standby: nothing can be written", "the address of the primary")
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if found.settings.get(name) == "off"]
    if off:
        seen = f"{some(off)} off: a loss of power takes back commands that were accepted"
        return Check(id_, Fit.NOT, seen, f"{', '.join(off)} = on")
    return Check(id_, Fit.FITS, "what is committed is on the disk")


def _role(found: DatabaseFacts) -> Check:
    if found.superuser:
        todo = "a role of its own, which owns the database and is no superuser"
        return Check("database.role", Fit.BETTER, f"{found.user} is a superuser", todo)
    return Check("database.role", Fit.FITS, f"{found.user} is no superuser")


def _tables(found: DatabaseFacts) -> Check:
    id_ = "database.tables"
    if not found.migrated:
        if not found.may_create:
            seen = f"{found.user} may make no schema here, and there are no tables yet"
            return Check(id_, Fit.NOT, seen, f"grant create on database ... to {found.user}")
        return Check(id_, Fit.UNKNOWN, "there are no tables yet", MIGRATE)
    if found.closed:
        seen = f"{found.user} may not read and write {some(list(found.closed))}"
        return Check(id_, Fit.NOT, seen, "the role that owns the tables, or grants of it")
    return Check(id_, Fit.FITS, "every table can be read and written")


def _encoding(found: DatabaseFacts) -> list[Check]:
    if found.encoding == "UTF8":
        return []
    return [Check("database.encoding", Fit.NOT, f"its encoding is {found.encoding}", "a database of encoding UTF8")]
