"""A real broker with a door for each way to be spoken to with TLS: by password, and by a client's certificate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.broker import Broker
from local.broker_config import HOST, Node
from local.ports import free_ports
from tests.support.secure_broker import PASSWORD, USER, certificates

_MODULES: Final = {
    "PLAIN": f'plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
    "SCRAM-SHA-256": "scram.ScramLoginModule required;",
}
#: TLS without a user: anybody who believes the broker's certificate, and who has one of an authority of clients.
OPEN: Final = "open"
MUTUAL: Final = "mutual"


@dataclass(frozen=True)
class Doors:
    """`servers`: each way -> where it is. `ca` signs the broker, `client` is a client's key with its certificate."""

    servers: dict[str, str]
    ca: Path
    client: Path


@contextmanager
def broker_doors(folder: Path) -> Iterator[Doors]:
    """Run one until the end of the block."""
    (folder / "clients").mkdir()
    ca, keystore = certificates(folder)
    clients, client = certificates(folder / "clients")
    ways = (*_MODULES, OPEN, MUTUAL)
    port, controller, *ports = free_ports(2 + len(ways))
    names = {way: f"WAY{n}" for n, way in enumerate(ways)}
    doors = ",".join(f"{names[way]}://{HOST}:{ports[n]}" for n, way in enumerate(ways))
    protocols = ",".join(f"{names[way]}:{'SASL_SSL' if way in _MODULES else 'SSL'}" for way in ways)
    more = {
        "listeners": f"PLAINTEXT://{HOST}:{port},{doors},CONTROLLER://{HOST}:{controller}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port},{doors}",
        "listener.security.protocol.map": f"PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,{protocols}",
    }
    for way in ways:
        of = f"listener.name.{names[way].lower()}"
        more |= {f"{of}.ssl.keystore.type": "PEM", f"{of}.ssl.keystore.location": str(keystore)}
        if way in _MODULES:
            module = f"org.apache.kafka.common.security.{_MODULES[way]}"
            more |= {f"{of}.sasl.enabled.mechanisms": way, f"{of}.{way.lower()}.sasl.jaas.config": module}
    of = f"listener.name.{names[MUTUAL].lower()}"
    more |= {
        f"{of}.ssl.client.auth": "required",
        f"{of}.ssl.truststore.type": "PEM",
        f"{of}.ssl.truststore.location": str(clients),
    }
    node = Node(id=1, port=port, controller_port=controller, quorum={1: controller}, more=more)
    broker = Broker(folder / "broker", node=node)
    broker.formatting = ("--add-scram", f"SCRAM-SHA-256=[name={USER},password={PASSWORD}]")
    with broker:
        yield Doors({way: f"{HOST}:{ports[n]}" for n, way in enumerate(ways)}, ca, client)
