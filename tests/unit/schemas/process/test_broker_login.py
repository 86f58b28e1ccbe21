"""How brokers are spoken to is read from the environment, and a wish that cannot be met is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.process.broker_login import OPEN, Login
from schemas.process.kafka import Brokers
from schemas.process.settings import SettingsError

B = "MARKETPLACE_BROKER_"
USER = {f"{B}USER": "ana", f"{B}PASSWORD": "p"}


def test_without_a_word_it_is_in_the_clear() -> None:
    assert Login.from_env({}) == OPEN
    assert Brokers.from_env({"MARKETPLACE_BROKERS": "b:9092"}).options("x").keys() == {
        *("bootstrap_servers", "client_id", "retry_backoff_ms")
    }


def test_tls_asks_the_broker_for_a_certificate_of_its_name() -> None:
    options = Login.from_env({f"{B}SECURITY": "SSL"}).options()
    assert options.keys() == {"security_protocol", "ssl_context"}
    assert options["ssl_context"].check_hostname


@pytest.mark.parametrize("given", ["variable", "file"])
def test_a_user_and_a_password(tmp_path: Path, given: str) -> None:
    env = {f"{B}SECURITY": "SASL_PLAINTEXT", **USER}
    if given == "file":
        (tmp_path / "password").write_text("p\n")
        env = {**env, f"{B}PASSWORD": "", f"{B}PASSWORD_FILE": str(tmp_path / "password")}
    login = Login.from_env(env)
    assert login.options() == {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": "ana",
        "sasl_plain_password": "p",
    }
    assert "'p'" not in repr(login)


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({f"{B}SECURITY": "TLS"}, "BROKER_SECURITY must be PLAINTEXT or SSL or SASL_PLAINTEXT or SASL_SSL"),
        ({f"{B}SECURITY": "SASL_SSL"}, "give MARKETPLACE_BROKER_USER, and MARKETPLACE_BROKER_PASSWORD_FILE or"),
        ({f"{B}SECURITY": "SASL_SSL", f"{B}USER": "ana"}, "give MARKETPLACE_BROKER_USER, and"),
        (USER, "BROKER_USER is set, and MARKETPLACE_BROKER_SECURITY is PLAINTEXT: it needs SASL_SSL"),
        ({f"{B}CA_FILE": "/ca"}, "BROKER_CA_FILE is set, and MARKETPLACE_BROKER_SECURITY is PLAINTEXT: it needs SSL"),
        ({f"{B}SECURITY": "SASL_PLAINTEXT", **USER, f"{B}CA_FILE": "/ca"}, "BROKER_CA_FILE is set, and .*needs SSL"),
        ({f"{B}SECURITY": "SSL", f"{B}CA_FILE": "/nowhere"}, "BROKER_CA_FILE: .*No such file"),
        (
            {f"{B}SECURITY": "SSL", f"{B}CERT_FILE": "/cert"},
            "CERT_FILE and MARKETPLACE_BROKER_KEY_FILE belong together",
        ),
        ({f"{B}SECURITY": "SSL", f"{B}CERT_FILE": "/c", f"{B}KEY_FILE": "/k"}, "BROKER_CERT_FILE: .*No such file"),
        ({f"{B}SECURITY": "SASL_SSL", **USER, f"{B}MECHANISM": "GSSAPI"}, "BROKER_MECHANISM must be SCRAM-SHA-256 or"),
        ({f"{B}SECURITY": "SASL_SSL", f"{B}USER": "a", f"{B}PASSWORD_FILE": "/no"}, "PASSWORD_FILE: .*No such file"),
    ],
)
def test_what_makes_no_sense_is_told(env: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        Login.from_env(env)
