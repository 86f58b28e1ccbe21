"""Which partition of its topic a record is in, and how many partitions a topic has.

The key decides, and a plan's id says among how many partitions: those that there were when the plan began. So all of a
plan's events are in one partition of each topic, in order, however many partitions are added later; only new plans are
dealt among the new ones. No table says which plan is where, and a process that does not know of new partitions yet puts
no record in a wrong place.

Plans of each priority have partitions of their own, where no flood of others lies before them in the log: their ids
are drawn until the key falls there. Whoever reads looks at those of the more urgent ones first. It is a matter of speed
alone: a plan of any priority may be in any partition.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid4

from aiokafka.partitioner import murmur2

from schemas.topics import PLAN_EVENTS, declared

#: A topic has so many partitions at most: an id has twelve bits for them.
MOST: Final = 1_000
#: Whose plans each of four partitions is for, and so on: it is the same one however many there are.
PATTERN: Final = ("high", "normal", "normal", "low")
EACH: Final = len(PATTERN)
#: Ids that are drawn at most until one falls where it should. An urgent one takes four; one of 10^12 is misplaced.
DRAWS: Final = 100
#: Ranks of partitions: the lower, the sooner its records are wanted.
URGENT, USUAL, LOW = range(3)
_RANK: Final = {"high": URGENT, "normal": USUAL, "low": LOW}
#: The version of an id that says how many partitions there were; the others are of as many as topics.toml declares.
TELLING: Final = 8


@dataclass(slots=True)
class Growth:
    """What this process knows of partitions that were added; 0: none were.

    `there`: how many every topic that grows has now. `dealt`: among how many of them new plans are dealt; they are
    fewer until all that is there is read.
    """

    there: int = 0
    dealt: int = 0

    def learn(self, there: int | None, dealt: int | None) -> None:
        """Take what the database says (flow.log_home): null where none were added. Partitions never become fewer."""
        self.there, self.dealt = max(self.there, there or 0), max(self.dealt, dealt or 0)


#: One process is of one system, and learns from each of its heartbeats.
growth: Final = Growth()


def partitions_of(topic: str) -> int:
    """Return how many partitions a declared topic has. Raises KeyError for another one."""
    wanted = declared()[topic]
    return max(wanted.partitions, growth.there) if wanted.grows else wanted.partitions


def rank(topic: str, partition: int) -> int:
    """Return whose plans a partition is for: URGENT, USUAL or LOW. A topic that no plan goes through is USUAL."""
    if topic not in declared() or not declared()[topic].grows:
        return USUAL
    return _RANK[PATTERN[partition % EACH]]


def for_urgent(topic: str, partition: int) -> bool:
    """Return whether a partition is one of those for urgent plans."""
    return rank(topic, partition) == URGENT


def new_plan_id(priority: str) -> UUID:
    """Return the id of a new plan, so that its partition is one for plans of its priority.

    While no partitions were added it is a UUID of version 4, afterwards one of version 8 with the number of partitions
    that it is dealt among after the version. All else is random.
    """
    among = max(growth.dealt, declared()[PLAN_EVENTS].partitions)
    made = _drawn()
    for _ in range(DRAWS if among >= EACH else 0):
        hashed = int(murmur2(str(made).encode())) & 0x7FFFFFFF
        if PATTERN[hashed % among % EACH] == priority:
            break
        made = _drawn()
    return made


def _drawn() -> UUID:
    made = uuid4()
    if growth.dealt <= declared()[PLAN_EVENTS].partitions:
        return made
    return UUID(int=made.int & ~(0xFFFF << 64) | TELLING << 76 | growth.dealt << 64)


@lru_cache(maxsize=4096)
def key_hash(key: bytes) -> int:
    """Return the hash of a key as all Kafka clients compute it. Modulo the number of partitions it is the partition."""
    # in Python it costs as much as the rest of a record, and a plan's records share their key
    return int(murmur2(key)) & 0x7FFFFFFF


def dealt_among(key: bytes) -> int:
    """Return among how many partitions a key's plan was dealt, by its id; 0 where it does not say."""
    if len(key) != 36 or key[14:15] != b"8" or key[13:14] != b"-" or key[18:19] != b"-":
        return 0
    try:
        said = int(key[15:18], 16)
    except ValueError:
        return 0
    return said if said <= MOST else 0


def partition_of(topic: str, key: bytes) -> int:
    """Return the partition of a key on a declared topic. Raises KeyError for another one."""
    wanted = declared()[topic]
    return key_hash(key) % (max(wanted.partitions, dealt_among(key)) if wanted.grows else wanted.partitions)
