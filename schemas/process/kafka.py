"""Builds every Kafka client: addresses, encryption and sign-in at the brokers are set in this one place.

Four kinds: a producer; a member, which shares the partitions of its topics with its group; a reader, which is told its
partitions; and an admin client. An option that is the same for all of them has its reason here, one that differs is an
argument, and its reason stands with the caller.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.process import fetching
from schemas.process.broker_login import OPEN, Login
from schemas.process.ending import ended
from schemas.process.fetching import FETCH_WAIT_MS
from schemas.process.log_context import job
from schemas.process.named import named
from schemas.process.placing import Places
from schemas.process.settings import BROKERS

#: What a call to a broker raises that is away, or cannot do it now. TimeoutError is an OSError.
BROKER_AWAY: Final[tuple[type[Exception], ...]] = (KafkaError, OSError)
#: A client that looks for the first offset of a partition asks the leader that it knows, again and again, and does not
#: find out by itself that there is another one: it looks up the leaders this often, in milliseconds.
METADATA_MAX_AGE_MS: Final = 2000
#: The library's 100 ms, halved: the first attempt after a change of leaders mostly meets the old one.
RETRY_BACKOFF_MS: Final = 50
#: How long an answer may take. A member waits for longer: to join a group is a request that waits for all its members.
ANSWER_MS: Final = 10_000
JOIN_MS: Final = 20_000
#: A broker that a producer has not reached by then is away.
START_S: Final = 10.0
#: How long a producer may take to stop: it flushes first, which waits for ever on a broker that is gone.
FLUSH_S: Final = 2.0
#: Whether a broker refuses is known after so long.
CONNECT_S: Final = 0.5
#: Bytes in one batch of a producer: what a go of handled records leads to, for one partition.
BATCH_BYTES: Final = 262_144
#: Bytes of one partition in one fetch.
FETCH_BYTES: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Brokers:
    """Where the brokers are, and all else that a connection to them needs. False where there are none."""

    servers: str  # host:port, comma separated
    login: Login = OPEN

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Brokers:
        """Read MARKETPLACE_BROKERS and how they are spoken to. Raises SettingsError."""
        return cls(env.get(BROKERS, ""), Login.from_env(env))

    def __bool__(self) -> bool:
        return bool(self.servers)

    def options(self, client_id: str) -> dict[str, Any]:
        """Return the options of every client; `client_id` names it in the brokers' logs and metrics."""
        return {
            "bootstrap_servers": self.servers,
            "client_id": client_id,
            "retry_backoff_ms": RETRY_BACKOFF_MS,
            **self.login.options(),
        }


NO_BROKERS: Final = Brokers("")


def producer(brokers: Brokers, client_id: str, *, linger_ms: int = 0) -> AIOKafkaProducer:
    """Return a producer that is not started. Idempotent: a retry of its own is in the log once, and in order."""
    return AIOKafkaProducer(
        **brokers.options(client_id),
        enable_idempotence=True,
        linger_ms=linger_ms,
        max_batch_size=BATCH_BYTES,
        request_timeout_ms=ANSWER_MS,
    )


class LazyProducer:
    """A producer that is started when it is asked for, and again after it was let go. All who ask get the same one."""

    def __init__(self, brokers: Brokers, client_id: str) -> None:
        self._brokers = brokers
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None
        self._places = Places()
        self._starting = asyncio.Lock()

    async def get(self) -> AIOKafkaProducer:
        """Return it, started. Raises the broker's errors as they are, TimeoutError after START_S seconds among them."""
        async with self._starting:
            if self._producer is None:
                made = producer(self._brokers, self._client_id)
                try:
                    await asyncio.wait_for(begin(made), START_S)
                except BaseException:
                    await let_go(made)
                    raise
                self._producer = made
            return self._producer

    async def place(self, topic: str, key: bytes | None) -> int:
        """Return the partition of a key; 0 for a record without one. Raises as `get` and `Places.of`."""
        return await self._places.of(await self.get(), topic, key)

    async def let_go(self) -> None:
        """Stop it, where it was started."""
        made, self._producer = self._producer, None
        self._places.forget()
        if made is not None:
            await let_go(made)


async def begin(client: AIOKafkaProducer) -> None:
    """Start a producer. Log lines of its background tasks do not carry the ids of the record it was started for."""
    with job("producer"):
        starting = asyncio.create_task(client.start())
    await starting  # what it raises is of whoever asks for it


async def reached(brokers: Brokers) -> bool:
    """Say whether a connection to any broker is not refused. One that is silent may be there still."""
    return any(await asyncio.gather(*(_taken(server.strip()) for server in brokers.servers.split(","))))


async def _taken(server: str) -> bool:
    host, _, port = server.rpartition(":")
    try:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except TimeoutError:
        return True
    except OSError:
        return False
    writer.close()
    return True


async def let_go(producer: AIOKafkaProducer) -> None:
    """Stop a producer: for FLUSH_S at most, and whatever it raises. Raises only where the caller is cancelled."""
    await ended(producer.stop(), FLUSH_S)


def tell_away(log: Any, error: Exception) -> None:
    """Tell of a client that lost its brokers, or did not find them, and begins again."""
    log.warning("the broker is away, trying again", error=named(error, 300))


def client_of(group: str) -> str:
    """Return how the members of a group that live on this machine call themselves: the broker tells who asks.

    By the address that the broker sees nobody could find them behind a proxy, or where addresses are translated.
    """
    return f"{group}@{socket.gethostname()}"


def member(  # noqa: PLR0913 - what a group is, and how each of its members reads
    brokers: Brokers,
    group: str,
    topics: Iterable[str] = (),
    *,
    session_timeout_s: float,
    heartbeats: int,
    rebalance_timeout_s: float | None = None,
    portion_bytes: int | None = None,
    patient: bool = True,
) -> AIOKafkaConsumer:
    """Return a member of a group that is not started. It commits what is done, and not what is read.

    `heartbeats` is how many fit into the session timeout: a member hears of a rebalance by the next one.
    `rebalance_timeout_s` is how long a rebalance waits for it; the session timeout, if it is not given. `patient`: it
    asks less often while there is nothing; not for one that may go back to earlier records and needs them at once.
    `portion_bytes`: it takes records in small portions, and has the broker send so many bytes of a partition.
    """
    made = AIOKafkaConsumer(
        *topics,
        **brokers.options(client_of(group)),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",  # a new group has everything before it
        session_timeout_ms=int(session_timeout_s * 1000),
        heartbeat_interval_ms=int(session_timeout_s * 1000 / heartbeats),
        rebalance_timeout_ms=None if rebalance_timeout_s is None else int(rebalance_timeout_s * 1000),
        max_poll_interval_ms=300_000,
        request_timeout_ms=JOIN_MS,
        max_partition_fetch_bytes=portion_bytes or FETCH_BYTES,
        fetch_max_wait_ms=FETCH_WAIT_MS,
        metadata_max_age_ms=METADATA_MAX_AGE_MS,
    )
    if portion_bytes:
        fetching.unhindered(made)
    return fetching.patient(made) if patient else made


def reader(
    brokers: Brokers,
    client_id: str,
    *,
    group: str | None = None,
    answer_ms: int = ANSWER_MS,
    fetch_bytes: int = FETCH_BYTES,
    fetch_wait_ms: int = FETCH_WAIT_MS,
    patient: bool = False,
) -> AIOKafkaConsumer:
    """Return a consumer that is told its partitions and positions, and is not started.

    With a `group` it is no member of it: it commits offsets in the group's name, for tools that show the lag.
    `patient` as of a member.
    """
    made = AIOKafkaConsumer(
        **brokers.options(client_id),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",  # a log that begins later than the position is read from there on
        max_partition_fetch_bytes=fetch_bytes,
        request_timeout_ms=answer_ms,
        fetch_max_wait_ms=fetch_wait_ms,
        metadata_max_age_ms=METADATA_MAX_AGE_MS,
    )
    return fetching.patient(made, fetching.ALONE_WAIT_MS) if patient else made


def admin(brokers: Brokers, client_id: str, *, answer_ms: int = ANSWER_MS) -> AIOKafkaAdminClient:
    """Return an admin client that is not started."""
    return AIOKafkaAdminClient(**brokers.options(client_id), request_timeout_ms=answer_ms)
