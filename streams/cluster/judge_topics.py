"""The topics, judged: whether they are there, and whether each setting is what the system needs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from schemas.topics import PLAN_EVENTS, Topic, declared
from streams.broker.redpanda import refused_min_insync
from streams.cluster.check import Check, Fit, some
from streams.cluster.facts import Asked, BrokerFacts, TopicFacts
from streams.cluster.judge import APPLY, LARGEST

#: Where the broker has a setting for topics that are made later.
BROKERS_OWN: Final = "message.max.bytes"


class _Setting(NamedTuple):
    """A setting of topics. `right`: what is said where it fits. `of_one_kind`: only one kind of broker has it."""

    id_: str
    name: str
    is_wrong: Callable[[Topic, str], bool]
    right: str
    todo: str
    of_one_kind: bool = False


SETTINGS: Final = (
    _Setting(
        "topics.cleanup", "cleanup.policy", lambda _, value: value != "delete", "delete: no event makes way", APPLY
    ),
    _Setting(
        "topics.retention",
        "retention.ms",
        lambda topic, value: value != str(topic.retention_ms),
        "as declared, histories for ever",
        APPLY,
    ),
    _Setting(
        "topics.retention-bytes",
        "retention.bytes",
        lambda _, value: int(value) > 0,
        "no limit of size: histories are kept",
        "retention.bytes=-1",
    ),
    _Setting(
        "topics.record-size",
        "max.message.bytes",
        lambda _, value: int(value) < LARGEST,
        f"records of {LARGEST} bytes are taken",
        f"max.message.bytes={LARGEST}",
    ),
    _Setting(
        "topics.leaders",
        "unclean.leader.election.enable",
        lambda _, value: value == "true",
        "no leader that lacks records",
        "unclean.leader.election.enable=false: else acknowledged records can be lost",
        of_one_kind=True,
    ),
    _Setting(
        "topics.write-caching",
        "write.caching",
        lambda _, value: value == "true",
        "a record is on disks before it is acknowledged",
        "write.caching=false: else a loss of power takes back acknowledged records",
        of_one_kind=True,
    ),
)


def topics(broker: BrokerFacts, asked: Asked) -> list[Check]:
    """Judge the topics that there are, and say which are missing."""
    wanted = declared()
    there = {name: broker.topics[name] for name in wanted if name in broker.topics}
    absent = [name for name in wanted if name not in there and name not in broker.hidden]
    if not there:
        seen = "none of ours is there yet" if absent else "none of ours may be seen by this user"
        todo = f"{APPLY}, then check again" if absent else "marketplace acls"
        return [Check("topics.there", Fit.UNKNOWN, seen, todo), *_of_the_broker(broker), _min_insync(broker, asked)]
    checks = [Check("topics.there", Fit.FITS, f"{len(there)} of {len(wanted)}")]
    if absent:
        checks = [Check("topics.there", Fit.NOT, f"missing: {some(absent)}", APPLY)]
    return [
        *checks,
        _partitions(there, wanted),
        _replicas(there, asked),
        *_settings(there, wanted),
        _min_insync(broker, asked),
        *_of_the_broker(broker),
    ]


def _of_the_broker(broker: BrokerFacts) -> list[Check]:
    told = (broker.settings or {}).get(BROKERS_OWN)
    if told is None or int(told) >= LARGEST:
        return []
    seen = f"the brokers take records of {told} bytes"
    return [Check("broker.record-size", Fit.NOT, seen, f"{BROKERS_OWN} of {LARGEST} or more")]


def _partitions(there: Mapping[str, TopicFacts], wanted: Mapping[str, Topic]) -> Check:
    id_, grown = "topics.partitions", max((t.partitions for n, t in there.items() if wanted[n].grows), default=0)
    wants = {name: max(wanted[name].partitions, grown * wanted[name].grows) for name in there}
    wrong = [name for name, topic in there.items() if topic.partitions != wants[name]]
    seen = some([f"{name} has {there[name].partitions}, not {wants[name]}" for name in wrong])
    if any(there[name].partitions < wanted[name].partitions or not wanted[name].grows for name in wrong):
        return Check(id_, Fit.NOT, seen, "make the topic anew: the order of plans follows them")
    if wrong:
        return Check(id_, Fit.NOT, seen, APPLY)
    added = grown > wanted[PLAN_EVENTS].partitions
    return Check(id_, Fit.FITS, f"{grown} of each topic that grows" if added else "as declared")


def _replicas(there: Mapping[str, TopicFacts], asked: Asked) -> Check:
    id_ = "topics.replication"
    fewer = [f"{name} has {t.replicas}" for name, t in there.items() if t.replicas < asked.replication]
    if fewer:
        seen = f"{some(fewer)}, asked for are {asked.replication}"
        return Check(id_, Fit.NOT, seen, "move the partitions to more brokers: provision leaves topics where they are")
    behind = [name for name, t in there.items() if t.in_sync < t.replicas]
    if behind:
        return Check(id_, Fit.BETTER, f"copies are behind: {some(behind)}", "see which broker is away")
    return Check(id_, Fit.FITS, f"copies of each: {min(t.replicas for t in there.values())} or more, none behind")


def _settings(there: Mapping[str, TopicFacts], wanted: Mapping[str, Topic]) -> list[Check]:
    known = {name: topic.settings for name, topic in there.items() if topic.settings is not None}
    if not known:
        return [Check("topics.settings", Fit.UNKNOWN, "this user may not read topics' settings", "marketplace acls")]
    return [check for setting in SETTINGS for check in _judged(setting, known, wanted)]


def _judged(setting: _Setting, known: Mapping[str, Mapping[str, str]], wanted: Mapping[str, Topic]) -> Iterator[Check]:
    told = {name: settings[setting.name] for name, settings in known.items() if setting.name in settings}
    differing = [f"{name} has {value}" for name, value in told.items() if setting.is_wrong(wanted[name], value)]
    if differing:
        yield Check(setting.id_, Fit.NOT, f"{setting.name}: {some(differing)}", setting.todo)
    elif told:
        yield Check(setting.id_, Fit.FITS, setting.right)
    elif not setting.of_one_kind:
        yield Check(setting.id_, Fit.UNKNOWN, f"the broker does not tell {setting.name}")


def _min_insync(broker: BrokerFacts, asked: Asked) -> Check:
    id_, setting = "topics.min-insync", "min.insync.replicas"
    if broker.is_redpanda:
        refused = refused_min_insync(asked.min_insync if asked.says_min_insync else None)
        if refused:
            return Check(id_, Fit.NOT, *refused)
        return Check(id_, Fit.FITS, "most of the copies have a record before it is acknowledged, as always on Redpanda")
    if asked.min_insync > asked.replication:
        seen = f"{asked.min_insync} copies have to have a record, of {asked.replication}: nothing is ever acknowledged"
        return Check(id_, Fit.NOT, seen, f"MARKETPLACE_MIN_INSYNC={max(1, asked.replication - 1)}")
    known = {name: t.settings or {} for name, t in broker.topics.items() if name in declared()}
    values = {name: settings[setting] for name, settings in known.items() if setting in settings}
    differing = [f"{name} has {value}" for name, value in values.items() if value != str(asked.min_insync)]
    if differing:
        return Check(id_, Fit.NOT, f"{some(differing)}, asked for are {asked.min_insync}", APPLY)
    if not values:
        return Check(id_, Fit.UNKNOWN, f"no topic tells {setting}")
    if 1 < asked.min_insync == asked.replication:
        todo = f"MARKETPLACE_MIN_INSYNC={asked.replication - 1}"
        return Check(id_, Fit.BETTER, "all copies have to have a record: one broker less, and nothing is written", todo)
    if asked.min_insync < asked.replication - 1 or (asked.replication > 1 and asked.min_insync == 1):
        seen = f"{asked.min_insync} of {asked.replication} copies has to have a record"
        return Check(id_, Fit.BETTER, seen, "MARKETPLACE_MIN_INSYNC=2: else the loss of one broker can lose records")
    return Check(id_, Fit.FITS, f"{asked.min_insync} of {asked.replication}")


def names(asked: Asked, noted: str | None) -> list[Check]:
    """Judge the prefix before names outside, where there is one, against what is noted with the data."""
    if noted is not None and noted != asked.prefix:
        seen = f"MARKETPLACE_TOPIC_PREFIX is {asked.prefix!r}, and the log of this database is under {noted!r}"
        return [Check("names.prefix", Fit.NOT, seen, f"MARKETPLACE_TOPIC_PREFIX={noted}")]
    if not asked.prefix:
        return []
    seen = f"topics, groups and subjects have {asked.prefix} before their names, at the broker and the registry"
    return [Check("names.prefix", Fit.FITS, seen)]
