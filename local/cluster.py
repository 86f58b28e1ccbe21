"""Several brokers as one Kafka cluster: three keep every acknowledged record through the loss of one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from local import probes
from local.broker import Broker, new_cluster_id
from local.broker_config import Node
from local.entering import Entered
from local.ports import free_ports
from local.server import POLL, NotReadyError


class Cluster(Entered):
    """`size` brokers that are also the controllers; replication 3 and min.insync.replicas 2 where size allows.

    `hosts` are the addresses (node ids count from 1) of those that are not on the loopback interface.
    `brokers[i]` can be stopped, killed, paused and restarted like a single Broker.
    """

    def __init__(self, data_dir: Path, size: int = 3, *, hosts: Mapping[int, str] | None = None) -> None:
        quorum = dict(enumerate(free_ports(size), 1))
        ports = dict(enumerate(free_ports(size, but=quorum.values()), 1))
        cluster_id = new_cluster_id()
        self.brokers = [
            Broker(
                data_dir / f"broker-{number}",
                node=Node(id=number, port=ports[number], controller_port=controller, quorum=quorum, hosts=hosts or {}),
                cluster_id=cluster_id,
                name=f"broker-{number}",
            )
            for number, controller in quorum.items()
        ]

    @property
    def bootstrap(self) -> str:
        """Return every broker of the cluster as `host:port`, comma separated: what clients call bootstrap servers."""
        return ",".join(broker.bootstrap for broker in self.brokers)

    def start(self) -> None:
        """Start every broker that is not running; returns at once."""
        for broker in self.brokers:
            broker.start()

    def wait_ready(self, timeout: float = 180.0) -> None:
        """Return when every running broker sees every running broker; raise NotReadyError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        for broker in self.brokers:
            if broker.running:
                broker.wait_ready(max(1.0, deadline - time.monotonic()))
        while True:
            running = [broker for broker in self.brokers if broker.running]
            if all(probes.kafka_brokers(broker.node.host, broker.port) == len(running) for broker in running):
                return
            if time.monotonic() > deadline:
                raise NotReadyError(f"the brokers did not find each other in {timeout:.0f} s")
            time.sleep(POLL)

    def stop(self) -> None:
        """Stop the brokers one after the other; the last has no quorum to ask and is ended after a short grace."""
        for position, broker in enumerate(self.brokers, start=1):
            if position > len(self.brokers) // 2:
                broker.grace = 3.0
            broker.stop()

    def kill(self) -> None:
        """Kill all brokers by SIGKILL, as when the machine loses power but not its disk cache."""
        for broker in self.brokers:
            broker.kill()
