"""Settings of the process of alerts: the notifiers, and which alerts each gets. Secrets are here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from gateway.alerts import words
from gateway.alerts.notifiers.base import Notifier
from gateway.alerts.notifiers.email import Email, Security
from gateway.alerts.notifiers.pagerduty import ADDRESS, PagerDuty
from gateway.alerts.notifiers.personal import Personal
from gateway.alerts.notifiers.slack import Slack
from gateway.alerts.notifiers.threads import OneThread
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.routes_file import parse, usual
from gateway.alerts.routing import Routing
from gateway.alerts.webhooks.queue import PAUSE_DAYS
from gateway.settings import (
    PAGE_URL,
    database_limit,
    decision_due_s,
    four_eyes,
    pagerduty_source,
    trace_url,
    transaction_due_s,
)
from gateway.webhooks.reach import Networks, networks
from projections.reads.sessions import TRANSACTION_DUE_S
from schemas.process.key_settings import secret_keys
from schemas.process.settings import DATABASE, SettingsError, deaf_after, need, one_of, positive, whole
from schemas.process.signing import NO_SIGNING, Signing
from schemas.signing import NO_KEYS, Keys

_SMTP_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS: Final = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the engine. `page_url`: the pages' address; `heartbeat_url`: the dead man's switch, or empty.

    `database_limit`: bytes that the database may take, None where nobody said it. `decision_due_s`: a plan that waits
    longer for a person is reminded of. `transaction_due_s`: a transaction of the database that is open for longer is
    told. `language`: of messages. `trace_url`: where a trace is, "" where nobody said it.
    `webhook_networks`: in which customers' webhooks may be, besides public ones. `webhook_pause_days`: after so many
    days without one event taken a webhook is paused, 0 never. `secret_keys` encrypt webhooks' secrets in the database.
    `memory_folder`: where it is kept what was told while Postgres is away, None nowhere. `signing` has
    the keys that seal its events. `people`: the way to one person, None without a mail server.
    `four_eyes`: somebody else than its uploader approves a plan.
    """

    database_url: str = field(repr=False)
    page_url: str = PAGE_URL
    notifiers: Mapping[str, Notifier] = field(default_factory=dict)
    routing: Routing = field(default_factory=Routing)
    heartbeat_url: str = field(default="", repr=False)
    heartbeat_s: float = 60.0
    database_limit: int | None = None
    deaf_after_s: float = 15.0
    decision_due_s: float = 86400.0
    language: str = words.DEFAULT
    trace_url: str = ""
    webhook_networks: Networks = ()
    webhook_pause_days: int = PAUSE_DAYS
    secret_keys: Keys = NO_KEYS
    memory_folder: Path | None = None
    transaction_due_s: float = TRANSACTION_DUE_S
    signing: Signing = NO_SIGNING
    people: Personal | None = None
    four_eyes: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError, which quotes no secret."""
        (database_url,) = need(env, DATABASE)
        page_url = (_url(env, "MARKETPLACE_URL") or PAGE_URL).rstrip("/")
        notifiers = dict(_notifiers(env, page_url))
        file = env.get("MARKETPLACE_ALERT_ROUTES", "")
        routing = usual(tuple(notifiers)) if not file else parse(_read(file), tuple(notifiers))
        return cls(
            database_url,
            page_url,
            notifiers,
            routing,
            _url(env, "MARKETPLACE_ALERT_HEARTBEAT_URL"),
            positive(env, "MARKETPLACE_ALERT_HEARTBEAT_EVERY", 60.0, at_most=3600.0),
            database_limit(env),
            deaf_after(env),
            decision_due_s(env),
            one_of(env, "MARKETPLACE_ALERT_LANGUAGE", words.DEFAULT, *words.LANGUAGES),
            trace_url(env),
            networks(env),
            whole(env, "MARKETPLACE_WEBHOOK_PAUSE_DAYS", PAUSE_DAYS, 0, 365),
            secret_keys(env),
            _folder(env),
            transaction_due_s(env),
            Signing.from_env(env),
            _people(notifiers),
            four_eyes(env),
        )


def _people(notifiers: Mapping[str, Notifier]) -> Personal | None:
    """Return the notifier for single people: the mail server of alerts, with a thread of its own."""
    mail = notifiers.get("email")
    return Personal(replace(mail, thread=OneThread("alerts-people"))) if isinstance(mail, Email) else None


def _folder(env: Mapping[str, str]) -> Path | None:
    told = env.get("MARKETPLACE_ALERT_MEMORY", "").strip()
    if told and not Path(told).is_absolute():
        raise SettingsError("MARKETPLACE_ALERT_MEMORY: give the whole path of a folder, such as /var/lib/marketplace")
    return Path(told) if told else None


def _notifiers(env: Mapping[str, str], page_url: str) -> Iterator[tuple[str, Notifier]]:
    """Yield the configured notifiers, in the order in which one takes over from another."""
    if slack := _url(env, "SLACK_WEBHOOK_URL"):
        yield "slack", Slack(slack, env.get("SLACK_ALERT_CHANNEL", "").strip())
    if key := env.get("PAGERDUTY_KEY", "").strip():
        yield "pagerduty", PagerDuty(key, pagerduty_source(page_url), _url(env, "PAGERDUTY_URL") or ADDRESS)
    if env.get("SMTP_HOST", "").strip():
        yield "email", _email(env)
    if hook := _url(env, "MARKETPLACE_ALERT_WEBHOOK_URL"):
        yield "webhook", Webhook(hook, env.get("MARKETPLACE_ALERT_WEBHOOK_SECRET", ""))
    if addresses := env.get("MARKETPLACE_ALERT_URLS", "").split():
        yield from _apprise(addresses)


def _apprise(addresses: Sequence[str]) -> Iterator[tuple[str, Notifier]]:
    # imported here: the library with its plugins costs a second and 40 MiB, which only a process that uses it should
    # pay
    from gateway.alerts.notifiers.apprise_url import AppriseUrl, valid  # noqa: PLC0415

    for number, address in enumerate(addresses, start=1):
        if not valid(address):
            raise SettingsError(
                f"MARKETPLACE_ALERT_URLS: address {number} ({address.partition(':')[0]}:...) is none that Apprise"
                " knows; give addresses as its documentation shows them, separated by spaces"
            )
        yield f"apprise-{number}", AppriseUrl(address)


def _email(env: Mapping[str, str]) -> Email:
    sender, to = env.get("SMTP_FROM", "").strip(), env.get("SMTP_TO", "")
    receivers = tuple(part.strip() for part in to.split(",") if part.strip())
    for name, addresses in (("SMTP_FROM", (sender,)), ("SMTP_TO", receivers)):
        if not addresses or not all(_ADDRESS.search(address) for address in addresses):
            raise SettingsError(f"{name} has to be an address such as ops@example.com where SMTP_HOST is set")
    security = cast("Security", one_of(env, "SMTP_SECURITY", "starttls", "starttls", "tls", "none"))
    user, password = env.get("SMTP_USER", ""), env.get("SMTP_PASSWORD", "")
    if bool(user) is not bool(password):
        raise SettingsError("SMTP_USER and SMTP_PASSWORD go together: give both or none")
    port = whole(env, "SMTP_PORT", _SMTP_PORTS[security], 1, 65535)
    return Email(env["SMTP_HOST"].strip(), port, sender, receivers, user, password, security)


def _url(env: Mapping[str, str], name: str) -> str:
    """Return an address from the settings; the error of a wrong one does not quote it, since it may be a secret."""
    given = env.get(name, "").strip()
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise SettingsError(f"{name} has to be an address that begins with http:// or https://")
    return given


def _read(file: str) -> str:
    try:
        return Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"MARKETPLACE_ALERT_ROUTES: {file} cannot be read: {type(error).__name__}") from None
