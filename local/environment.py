"""Which environment variables a process of the system is told: of secrets those that it needs, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

#: Servers that are not ours: nothing of the system's settings is for them.
FOREIGN: Final = frozenset({"postgres", "broker"})
_BROKER: Final = frozenset({"gateway", "worker", "runner", "projections", "pump", "provision", "watchdog"})
#: Who writes events: to the log, or into the outbox, sealed.
_SIGN: Final = _BROKER | {"alerts"}
_DATABASE: Final = _SIGN | {"migrate", "registry"}
_KEEP_SECRETS: Final = frozenset({"gateway", "alerts"})
_GATEWAY: Final = frozenset({"gateway"})
_AGENTS: Final = frozenset({"runner"})
_ALERTS: Final = frozenset({"alerts"})
#: Secrets of commands that a person starts: no process of the system reads them.
_NOBODY: Final[frozenset[str]] = frozenset()

#: SECRETS has who needs which secret: variable -> processes, as local/blueprint.py names them. Compose and the chart
#: give the same (tests/contract/test_told.py). An address may hold a password, and so counts as a secret, as does the
#: name of a file with one.
SECRETS: Final[Mapping[str, frozenset[str]]] = {
    "MARKETPLACE_DATABASE_URL": _DATABASE,
    "MARKETPLACE_REGISTRY_URL": _BROKER | {"registry"},  # which listens there
    "MARKETPLACE_BROKER_PASSWORD": _BROKER,
    "MARKETPLACE_BROKER_PASSWORD_FILE": _BROKER,
    "MARKETPLACE_BROKER_TOKEN_FILE": _BROKER,
    "MARKETPLACE_BROKER_KEY_FILE": _BROKER,
    "MARKETPLACE_SIGNING": _SIGN,  # no secret, but to require signatures without a key is a wrong setting
    "MARKETPLACE_SIGNING_KEYS": _SIGN,
    "MARKETPLACE_SIGNING_KEYS_FILE": _SIGN,
    "MARKETPLACE_SECRET_KEYS": _KEEP_SECRETS,
    "MARKETPLACE_SECRET_KEYS_FILE": _KEEP_SECRETS,
    "MARKETPLACE_BOOTSTRAP_KEY": _GATEWAY,
    "MARKETPLACE_OIDC_CLIENT_SECRET": _GATEWAY,
    "PAGERDUTY_WEBHOOK_SECRET": _GATEWAY,
    "OPENAI_API_KEY": _AGENTS,
    "OPENAI_BASE_URL": _AGENTS,
    "MARKETPLACE_AGENT_FALLBACK_KEY": _AGENTS,
    "MARKETPLACE_AGENT_FALLBACK_URL": _AGENTS,
    "SLACK_WEBHOOK_URL": _ALERTS,
    "PAGERDUTY_KEY": _ALERTS,
    "SMTP_USER": _ALERTS,
    "SMTP_PASSWORD": _ALERTS,
    "MARKETPLACE_ALERT_URLS": _ALERTS,
    "MARKETPLACE_ALERT_WEBHOOK_URL": _ALERTS,
    "MARKETPLACE_ALERT_WEBHOOK_SECRET": _ALERTS,
    "MARKETPLACE_ALERT_HEARTBEAT_URL": _ALERTS,
    "MARKETPLACE_API_KEY": _NOBODY,
    "MARKETPLACE_BACKUP_IDENTITY_FILE": _NOBODY,
    "POSTGRES_PASSWORD": _NOBODY,
    "GRAFANA_PASSWORD": _NOBODY,
}
#: What any program may need of the machine, and says nothing of anybody's accounts.
_MACHINE: Final = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|TZDIR|LANG|LANGUAGE|LC_\w+|TMPDIR|TMP|TEMP|LD_\w+|XDG_\w+|NO_COLOR"
    r"|SSL_CERT_(?:FILE|DIR)|MALLOC_\w+|JAVA_HOME|(?:JAVA_TOOL|JDK_JAVA)_OPTIONS"
)
#: What processes of the system read besides: Python's settings, the project's own, and those of traces, which may have
#: a key for whoever takes the spans, by a proxy.
_OURS: Final = re.compile(
    r"PYTHON\w*|COV\w*|MARKETPLACE_\w+|(?:OPENAI|SLACK|SMTP|PAGERDUTY|OTEL|PROMETHEUS)_\w+"
    r"|(?:https?|all|no)_proxy|(?:HTTPS?|ALL|NO)_PROXY"
)
#: A name that speaks of a secret which SECRETS does not know: nobody is told it.
_SPEAKS_OF_A_SECRET: Final = re.compile(r"(?:^|_)(?:KEYS?|PASS|PASSWORD|SECRETS?|TOKEN|CREDENTIALS)(?:_FILE)?$")
#: Settings of OpenTelemetry that speak of a key and are for whoever sends spans.
_OF_SPANS: Final = "OTEL_"


def inherited(process: str, env: Mapping[str, str]) -> dict[str, str]:
    """Return what a process gets of the environment in which the system was started."""
    if process in FOREIGN:
        return {name: value for name, value in env.items() if _MACHINE.fullmatch(name)}
    known = {name: value for name, value in env.items() if _MACHINE.fullmatch(name) or _OURS.fullmatch(name)}
    return {name: value for name, value in told(process, known).items() if name in SECRETS or not _unknown(name)}


def told(process: str, env: Mapping[str, str]) -> dict[str, str]:
    """Return what a process gets of settings that were made for the system: all but the secrets of others."""
    return {name: value for name, value in env.items() if process in SECRETS.get(name, (process,))}


def _unknown(name: str) -> bool:
    return not name.startswith(_OF_SPANS) and _SPEAKS_OF_A_SECRET.search(name) is not None
