"""What each consumer group has before it and who reads it: the watchdog's row tells it to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from schemas import metrics as measured
from schemas.process import metrics
from schemas.process.places import partitions_of
from schemas.topics import RETRY_PUMP, group_of
from streams.watchdog.broker import WATCHED, BrokerView
from streams.watchdog.snapshot import Place
from streams.watchdog.view import SystemView

#: Partitions of a group that are listed, those with the most before them first. The sum counts all.
LISTED: Final = 20


def groups(view: SystemView, broker: BrokerView, on_purpose_s: Mapping[str, float]) -> dict[str, Any]:
    """Return group -> `behind`, `waited_s`, `partitions` and `unread`, of those of which it is known just now.

    `waited_s`: for how long the first record that waits has been in the log, beyond what its topic lets it wait
    `on_purpose_s`. `unread` are the partitions that nobody says it reads, by topic, and null while a living process
    does not tell.
    """
    silent = {group_of(role) for role in view.untold()}
    holders, still, behind, waited = view.holders(), broker.still(), broker.behind(), broker.waited()
    told: dict[str, Any] = {}
    for group in filter(broker.known, WATCHED):
        mine = sorted((p for p in behind if p[0] == group), key=lambda p: -behind[p])
        told[group] = {
            "behind": sum(behind[place] for place in mine),
            "waited_s": round(max([0.0, *(waited[place] - on_purpose_s.get(place[1], 0.0) for place in mine)]), 1),
            "partitions": [
                {
                    "topic": place[1],
                    "partition": place[2],
                    "behind": behind[place],
                    "still_s": round(still.get(place, 0.0), 1),
                    "reader": holders[place].name if place in holders else "",
                }
                for place in mine[:LISTED]
            ],
            "unread": None if group in silent else _by_topic(p for p in _places(group) if p not in holders),
        }
    return told


def tell(broker: BrokerView) -> None:
    """Let Prometheus ask how far each partition is behind, where that is known, and whether the broker answers."""

    def each(groups: Iterable[str], values: Mapping[Place, float]) -> list[tuple[tuple[str, ...], float]]:
        places = [place for group in filter(broker.known, groups) for place in _places(group)]
        return [((*place[:2], str(place[2])), values.get(place, 0.0)) for place in places]

    metrics.ask(measured.LAG, lambda: each(WATCHED, broker.behind()))
    metrics.ask(measured.LAG_SECONDS, lambda: each(WATCHED, broker.waited()))
    # the pump lets records wait on purpose
    metrics.ask(measured.STILL, lambda: each(sorted(WATCHED.keys() - {RETRY_PUMP}), broker.still()))
    metrics.ask(measured.BROKER_UP, lambda: [((), float(not broker.away_s))] if broker.seen or broker.away_s else [])


def _places(group: str) -> list[Place]:
    return [(group, topic, n) for topic in WATCHED[group] for n in range(partitions_of(topic))]


def _by_topic(places: Iterable[Place]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for _, topic, partition in places:
        found.setdefault(topic, []).append(partition)
    return found
