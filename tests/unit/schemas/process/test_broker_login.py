"""How brokers are spoken to is read from the environment, and a wish that cannot be met is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.process.broker_login import OPEN, Login
from schemas.process.kafka import Brokers
from schemas.process.settings import SettingsError

B = "MARKETPLACE_BROKER_"
USER = {f"{B}USER": "ana", f"{B}PASSWORD": "p"}
TOKENS = {f"{B}SECURITY": "SASL_SSL", f"{B}MECHANISM": "OAUTHBEARER"}
URL, FILE = f"{B}TOKEN_URL", f"{B}TOKEN_FILE"


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


@pytest.mark.parametrize("where", [{FILE: "/token"}, {URL: "https://provider/token", **USER}])
def test_a_token(where: dict[str, str]) -> None:
    login = Login.from_env({**TOKENS, **where})

    options = login.options()

    assert options.pop("ssl_context").check_hostname
    assert options == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "OAUTHBEARER",
        "sasl_oauth_token_provider": login.tokens,
    }
    assert login.named
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
        (
            {**TOKENS, f"{B}SECURITY": "SASL_PLAINTEXT", FILE: "/t"},
            "SECURITY is SASL_PLAINTEXT: a token needs SASL_SSL",
        ),
        (TOKENS, "OAUTHBEARER: give MARKETPLACE_BROKER_TOKEN_FILE or MARKETPLACE_BROKER_TOKEN_URL, and not both"),
        ({**TOKENS, FILE: "/t", URL: "https://p/t"}, "and not both"),
        ({**TOKENS, FILE: "/t", **USER}, "BROKER_USER is set, and the token is in MARKETPLACE_BROKER_TOKEN_FILE"),
        ({**TOKENS, URL: "http://p/t", **USER}, "TOKEN_URL must begin with https://: the secret goes there"),
        ({**TOKENS, URL: "https://p/t"}, "TOKEN_URL is set: give MARKETPLACE_BROKER_USER, the client, and its secret"),
        ({f"{B}SECURITY": "SASL_SSL", **USER, URL: "https://p/t"}, "MECHANISM is SCRAM-SHA-256: it needs OAUTHBEARER"),
        ({FILE: "/t"}, "TOKEN_FILE is set, and MARKETPLACE_BROKER_SECURITY is PLAINTEXT: it needs SASL_SSL"),
    ],
)
def test_what_makes_no_sense_is_told(env: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        Login.from_env(env)
