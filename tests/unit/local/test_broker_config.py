"""server.properties: what a user of the broker may rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.broker_config import Node, server_properties


def properties(nodes: int) -> dict[str, str]:
    quorum = {number: 21_000 + number for number in range(1, nodes + 1)}
    node = Node(id=1, port=20_001, controller_port=21_001, quorum=quorum)
    lines = server_properties(node, Path("/data")).splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_it_listens_on_loopback_only() -> None:
    listeners = properties(1)["listeners"].split(",")
    assert listeners == ["PLAINTEXT://127.0.0.1:20001", "CONTROLLER://127.0.0.1:21001"]


def test_topics_do_not_appear_by_themselves() -> None:
    assert properties(1)["auto.create.topics.enable"] == "false"


def test_a_killed_worker_is_noticed_soon() -> None:
    assert int(properties(1)["group.min.session.timeout.ms"]) <= 1000
    assert properties(1)["group.initial.rebalance.delay.ms"] == "0"


@pytest.mark.parametrize(("nodes", "replicas", "in_sync"), [(1, "1", "1"), (2, "2", "1"), (3, "3", "2"), (5, "3", "2")])
def test_a_cluster_survives_as_many_losses_as_its_size_allows(nodes: int, replicas: str, in_sync: str) -> None:
    found = properties(nodes)

    for key in ("default", "offsets.topic", "transaction.state.log"):
        assert found[f"{key}.replication.factor"] == replicas
    assert found["min.insync.replicas"] == found["transaction.state.log.min.isr"] == in_sync
    assert len(found["controller.quorum.voters"].split(",")) == nodes
