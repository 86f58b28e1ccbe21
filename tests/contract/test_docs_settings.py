"""The defaults in docs/configuration.md are those of the code: to give one changes nothing, and another value does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from gateway.alerts.settings import Settings as AlertSettings
from gateway.cli.connection import DEFAULT_URL
from gateway.intake.stock_limits import current_limits
from gateway.settings import Settings as GatewaySettings
from local.ports import own_range
from projections.settings import Settings as ProjectionSettings
from schemas.process.metrics import page_of
from schemas.topics import defaults
from streams.analysis.agents.settings import DEFAULT_BASE_URL, agents_from_env
from streams.breakers.settings import Limits
from streams.settings import Settings as StreamSettings
from streams.watchdog.settings import Patience
from tests.support.doc_tables import names, rows

#: What has to be set for a process to read the rest.
GIVEN = {
    "MARKETPLACE_BROKERS": "localhost:9092",
    "MARKETPLACE_REGISTRY_URL": "http://localhost:8081",
    "MARKETPLACE_DATABASE_URL": "postgresql://a:b@localhost/c",
    "MARKETPLACE_ALERT_HEARTBEAT_URL": "https://example.com/alive",
    "MARKETPLACE_METRICS_PORT": "9100",
    "OPENAI_API_KEY": "key",
    "PAGERDUTY_KEY": "key",
    "SMTP_HOST": "mail.example.com",
    "SMTP_FROM": "alerts@example.com",
    "SMTP_TO": "ops@example.com",
}
#: A value that is none of the numbers, and another one that is allowed too.
OTHERS = {
    "0": "30",
    "en": "pt_BR",
    "faust": "aiokafka",
    "on": "off",
    "off": "on",
    "true": "false",
    "starttls": "tls",
    "PLAINTEXT": "SSL",
    "127.0.0.1": "127.0.0.2",
    "20000-29999": "20000-29998",
    "http://127.0.0.1:8080": "http://127.0.0.1:8081",
    "https://events.pagerduty.com/v2/enqueue": "https://events.eu.pagerduty.com/v2/enqueue",
}
#: Read where no process can be asked for what it read, each with what holds it instead.
ELSEWHERE = {
    "MARKETPLACE_REPLICATION",  # provision takes it from schemas/topics.toml where it is not set: see below
    "MARKETPLACE_MIN_INSYNC",
    "OTEL_SDK_DISABLED",  # the OpenTelemetry SDK's own
}
PLAIN = re.compile(r"`?([\w.,:/-]+)`?")
WORDS = {"none", "unset"}


def told() -> dict[str, str]:
    """Return variable -> default, of those whose default is a plain value."""
    found: dict[str, str] = {}
    with_readers = rows("configuration.md", "variable", "read by", "default", "meaning")
    for variable, default in [
        *((row[0], row[2]) for row in with_readers),
        *((row[0], row[1]) for row in rows("configuration.md", "variable", "default", "meaning")),
    ]:
        plain = PLAIN.fullmatch(default)
        if plain is not None and plain[1] not in WORDS and not plain[1].startswith(("MARKETPLACE_", "OPENAI_")):
            found |= dict.fromkeys(names(variable), plain[1])
    return found


def read(env: Mapping[str, str]) -> list[Any]:
    """Return all that processes read of an environment."""
    return [
        *(kind.from_env(env) for kind in (GatewaySettings, StreamSettings, Patience, ProjectionSettings, Limits)),
        AlertSettings.from_env(env),
        agents_from_env(env),
        current_limits(env),
        page_of(env),
        own_range(env),
    ]


def another(value: str) -> str:
    return OTHERS.get(value) or re.sub(r"\d+(?:\.\d+)?", lambda number: f"{2 * float(number[0]):g}", value)


DEFAULTS = {name: value for name, value in told().items() if name not in ELSEWHERE}


@pytest.mark.parametrize("variable", sorted(DEFAULTS))
def test_a_default_is_as_told(variable: str) -> None:
    assert read({**GIVEN, variable: DEFAULTS[variable]}) == read(GIVEN)
    assert read({**GIVEN, variable: another(DEFAULTS[variable])}) != read(GIVEN), "nobody reads it"


def test_the_topics_defaults_are_as_told() -> None:
    said = told()
    assert said["MARKETPLACE_REPLICATION"] == str(defaults()["replication"])
    assert said["MARKETPLACE_MIN_INSYNC"] == str(defaults()["min_insync_replicas"])


def test_the_command_line_talks_to_the_gateway_as_told() -> None:
    assert told()["MARKETPLACE_URL"] == DEFAULT_URL


def test_the_rest_has_a_default_in_words() -> None:
    """So that a value in another form is not passed over."""
    assert len(DEFAULTS) >= 35
    assert {"MARKETPLACE_DRAIN", "MARKETPLACE_RETRY_DELAYS", "MARKETPLACE_STOCK_LOW_DAYS", "SMTP_SECURITY"} <= set(
        DEFAULTS
    )
    assert DEFAULT_BASE_URL, "the provider's own"
