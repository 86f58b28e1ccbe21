"""The broker's configuration files, from a few facts about the node: facts in, text out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Node:
    """One broker of a cluster. Every node of the cluster is in `quorum` as node id -> controller port.

    `hosts`: node id -> address, for those that are not on the loopback interface. `more`: further settings, which stand
    above ours.
    """

    id: int
    port: int
    controller_port: int
    quorum: dict[int, int]
    hosts: Mapping[int, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The address of this node."""
        return self.host_of(self.id)

    def host_of(self, node: int) -> str:
        return self.hosts.get(node, HOST)


def server_properties(node: Node, data_dir: Path) -> str:
    """KRaft, broker and controller in one process; three nodes survive the loss of one without losing an ack."""
    replicas = min(3, len(node.quorum))
    voters = ",".join(f"{id_}@{node.host_of(id_)}:{port}" for id_, port in node.quorum.items())
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": node.id,
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://{node.host}:{node.port},CONTROLLER://{node.host}:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{node.host}:{node.port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data_dir,
        # Nothing appears by a typing error: topics are declared and provisioned.
        "auto.create.topics.enable": "false",
        "default.replication.factor": replicas,
        "min.insync.replicas": max(1, replicas - 1),
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": max(1, replicas - 1),
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": max(1, replicas - 1),
        # Internal topics sized for one machine: each partition costs files and start-up time.
        "offsets.topic.num.partitions": 8,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.num.partitions": 1,
        # A killed worker or broker is noticed in seconds, and a lone consumer starts at once.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # After kill -9 the controller waits this session out before it lets the broker in again.
        # Shorter would fence a broker that only waits for its turn on a busy machine.
        "broker.heartbeat.interval.ms": 500,
        "broker.session.timeout.ms": 4000,
        # Two cores are shared with everything else.
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        "num.recovery.threads.per.data.dir": 2,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        "controlled.shutdown.max.retries": 1,
    }
    if len(node.quorum) == 1:
        # Its records without content show followers that they keep up; alone they are a third of an idle broker's work.
        settings["metadata.max.idle.interval.ms"] = 0
    return "".join(f"{key}={value}\n" for key, value in (settings | dict(node.more)).items())


LOG4J2 = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} - %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = info
# It warns at each start that it starts.
logger.controller.name = org.apache.kafka.controller.QuorumController
logger.controller.level = error
# It prints hundreds of settings at each start; server.properties has those that we chose.
logger.config.name = org.apache.kafka.common.config.AbstractConfig
logger.config.level = error
"""
