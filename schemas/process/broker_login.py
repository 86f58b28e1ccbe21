"""How a process connects to brokers: with or without TLS, and as which user."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from schemas.process.broker_token import Tokens, from_file, from_provider
from schemas.process.settings import SettingsError, one_of

SECURITY: Final = "MARKETPLACE_BROKER_SECURITY"
MECHANISM: Final = "MARKETPLACE_BROKER_MECHANISM"
USER: Final = "MARKETPLACE_BROKER_USER"
PASSWORD: Final = "MARKETPLACE_BROKER_PASSWORD"  # noqa: S105 - a name
PASSWORD_FILE: Final = "MARKETPLACE_BROKER_PASSWORD_FILE"  # noqa: S105 - a name
TOKEN_FILE: Final = "MARKETPLACE_BROKER_TOKEN_FILE"  # noqa: S105 - a name
TOKEN_URL: Final = "MARKETPLACE_BROKER_TOKEN_URL"  # noqa: S105 - a name
TOKEN_SCOPE: Final = "MARKETPLACE_BROKER_TOKEN_SCOPE"  # noqa: S105 - a name
CA_FILE: Final = "MARKETPLACE_BROKER_CA_FILE"
CERT_FILE: Final = "MARKETPLACE_BROKER_CERT_FILE"
KEY_FILE: Final = "MARKETPLACE_BROKER_KEY_FILE"

PLAIN: Final = "PLAINTEXT"
#: As Kafka calls them: without and with TLS, without and with a user.
PROTOCOLS: Final = (PLAIN, "SSL", "SASL_PLAINTEXT", "SASL_SSL")
OAUTH: Final = "OAUTHBEARER"
MECHANISMS: Final = ("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN", OAUTH)
_OF_TOKENS: Final = (TOKEN_FILE, TOKEN_URL, TOKEN_SCOPE)
_OF_USERS: Final = (MECHANISM, USER, PASSWORD, PASSWORD_FILE, *_OF_TOKENS)
_OF_TLS: Final = (CA_FILE, CERT_FILE, KEY_FILE)


@dataclass(frozen=True, slots=True)
class Login:
    """How to authenticate at a broker. `tls`, `password` and `tokens` are never shown."""

    protocol: str = PLAIN
    mechanism: str = MECHANISMS[0]
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False, compare=False)
    tokens: Tokens | None = field(default=None, repr=False, compare=False)

    @property
    def named(self) -> bool:
        """Whether a process says who it is: by a user and a password, or by a token."""
        return self.protocol.startswith("SASL_")

    def options(self) -> dict[str, Any]:
        """Return the options of an aiokafka client; none where nothing is asked for."""
        if self.protocol == PLAIN:
            return {}
        user: dict[str, Any] = {"sasl_mechanism": self.mechanism}
        if self.tokens is not None:
            user["sasl_oauth_token_provider"] = self.tokens
        else:
            user |= {"sasl_plain_username": self.user, "sasl_plain_password": self.password}
        return {
            "security_protocol": self.protocol,
            **({"ssl_context": self.tls} if self.tls is not None else {}),
            **(user if self.named else {}),
        }

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Login:
        """Read the variables above. Raises SettingsError, also for one that would have no effect."""
        protocol = one_of(env, SECURITY, PLAIN, *PROTOCOLS)
        named, encrypted = protocol.startswith("SASL_"), protocol.endswith("SSL")
        for names, used, needs in ((_OF_USERS, named, "SASL_SSL"), (_OF_TLS, encrypted, "SSL or SASL_SSL")):
            idle = [name for name in names if env.get(name)]
            if idle and not used:
                raise SettingsError(f"{idle[0]} is set, and {SECURITY} is {protocol}: it needs {needs}")
        if not named:
            return cls(protocol, tls=_tls(env) if encrypted else None)
        mechanism = one_of(env, MECHANISM, MECHANISMS[0], *MECHANISMS)
        user, password = env.get(USER, ""), _password(env)
        if mechanism == OAUTH:
            if not encrypted:
                raise SettingsError(f"{MECHANISM} is {OAUTH}, and {SECURITY} is {protocol}: a token needs SASL_SSL")
            return cls(protocol, mechanism, tls=_tls(env), tokens=_tokens(env, user, password))
        idle = [name for name in _OF_TOKENS if env.get(name)]
        if idle:
            raise SettingsError(f"{idle[0]} is set, and {MECHANISM} is {mechanism}: it needs {OAUTH}")
        if not user or not password:
            raise SettingsError(f"{SECURITY} is {protocol}: give {USER}, and {PASSWORD_FILE} or {PASSWORD}")
        return cls(protocol, mechanism, user, password, _tls(env) if encrypted else None)


def _tokens(env: Mapping[str, str], client: str, secret: str) -> Tokens:
    """Return where tokens come from: a file, or a provider that knows this process by USER and PASSWORD."""
    file, url = env.get(TOKEN_FILE, ""), env.get(TOKEN_URL, "")
    if bool(file) == bool(url):
        raise SettingsError(f"{MECHANISM} is {OAUTH}: give {TOKEN_FILE} or {TOKEN_URL}, and not both")
    if file:
        idle = [name for name in (USER, PASSWORD, PASSWORD_FILE, TOKEN_SCOPE) if env.get(name)]
        if idle:
            raise SettingsError(f"{idle[0]} is set, and the token is in {TOKEN_FILE}: it needs {TOKEN_URL}")
        return Tokens(from_file(Path(file), TOKEN_FILE))
    where = urlsplit(url)
    if where.scheme != "https" and (where.scheme, where.hostname) not in {("http", "127.0.0.1"), ("http", "localhost")}:
        raise SettingsError(f"{TOKEN_URL} must begin with https://: the secret goes there")
    if not client or not secret:
        raise SettingsError(
            f"{TOKEN_URL} is set: give {USER}, the client, and its secret by {PASSWORD_FILE} or {PASSWORD}"
        )
    return Tokens(
        from_provider(url, client, secret, env.get(TOKEN_SCOPE, ""), f"{USER} and {PASSWORD_FILE} or {PASSWORD}")
    )


def _password(env: Mapping[str, str]) -> str:
    if env.get(PASSWORD) or not env.get(PASSWORD_FILE):
        return env.get(PASSWORD, "")
    try:
        return Path(env[PASSWORD_FILE]).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{PASSWORD_FILE}: {error}") from None


def _tls(env: Mapping[str, str]) -> ssl.SSLContext:
    """Return a context that asks the broker for a certificate of its name, by the machine's authorities or our own."""
    if bool(env.get(CERT_FILE)) != bool(env.get(KEY_FILE)):
        raise SettingsError(f"{CERT_FILE} and {KEY_FILE} belong together: give both, or none")
    where = CA_FILE
    try:
        context = ssl.create_default_context(cafile=env.get(CA_FILE) or None)
        if env.get(CERT_FILE):
            where = CERT_FILE
            context.load_cert_chain(env[CERT_FILE], env[KEY_FILE])
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise SettingsError(f"{where}: {error}") from None
    return context


OPEN: Final = Login()
