"""A real broker that wants TLS and a user, with a certificate of an authority that is made for the test."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from local.broker import Broker
from local.broker_config import HOST, Node
from local.ports import free_port

USER = "marketplace"
#: For a broker that lives as long as a test.
PASSWORD = "only-for-this-test"  # pragma: allowlist secret
MECHANISM = "SCRAM-SHA-512"
TOKENS = "OAUTHBEARER"


@dataclass(frozen=True)
class Secure:
    """Where the broker wants TLS and a user, where it takes anybody, and whom its certificate is signed by."""

    broker: Broker
    servers: str
    ca: Path


@contextmanager
def secure_broker(
    folder: Path, users: Iterable[str] = (USER,), *, by_rights: bool = False, mechanism: str = MECHANISM
) -> Iterator[Secure]:
    """Run one until the end of the block; all users have one password. With TOKENS it takes any that is not over.

    `by_rights`: users may do what they were given the right to, and nothing else. Whoever comes without a name to the
    door of this machine alone may do all.
    """
    ca, keystore = certificates(folder)
    port, controller = free_port(), free_port()
    secure = free_port(but=[port, controller])
    module = {
        MECHANISM: "scram.ScramLoginModule required;",
        TOKENS: 'oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
    }[mechanism]
    of = "listener.name.secure"
    more = {
        "listeners": f"PLAINTEXT://{HOST}:{port},SECURE://{HOST}:{secure},CONTROLLER://{HOST}:{controller}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port},SECURE://{HOST}:{secure}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
        f"{of}.sasl.enabled.mechanisms": mechanism,
        f"{of}.{mechanism.lower()}.sasl.jaas.config": f"org.apache.kafka.common.security.{module}",
        f"{of}.ssl.keystore.type": "PEM",
        f"{of}.ssl.keystore.location": keystore,
    }
    if by_rights:
        more["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
        more["super.users"] = "User:ANONYMOUS"
    node = Node(id=1, port=port, controller_port=controller, quorum={1: controller}, more=more)
    broker = Broker(folder / "broker", node=node)
    broker.formatting = tuple(
        word for user in users for word in ("--add-scram", f"{MECHANISM}=[name={user},password={PASSWORD}]")
    )
    with broker:
        yield Secure(broker, f"{HOST}:{secure}", ca)


def certificates(folder: Path, name: str = HOST) -> tuple[Path, Path]:
    """Write the certificate of an authority, and a key with a certificate of a server's address or name by it."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority of a test")])
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server of a test")])
    place = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address(name))] if name == HOST else [x509.DNSName(name)]
    )
    signs = x509.KeyUsage(
        *(True, False, False, False, False, True, True, False, False)  # signs certificates, and what it says
    )
    root = _certificate(by, by, authority, authority, [(x509.BasicConstraints(True, 0), True), (signs, True)])
    leaf = _certificate(own, by, key, authority, [(place, False)])
    ca, keystore = folder / "ca.pem", folder / "broker.pem"
    pem = serialization.Encoding.PEM
    ca.write_bytes(root.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    keystore.write_bytes(private + leaf.public_bytes(pem) + root.public_bytes(pem))
    return ca, keystore


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    for extension, critical in extensions:
        made = made.add_extension(extension, critical)
    return made.sign(signer, hashes.SHA256())
