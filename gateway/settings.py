"""What the gateway is told from outside: read once, in `__main__`."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from gateway.access.key_text import NotAKey, split
from gateway.access.limits import DEFAULT_LIMITS, Limit, parse_limits
from gateway.access.oidc_settings import OidcSettings
from gateway.access.upload_bytes import MIB
from gateway.access.upload_bytes import MOST as MOST_UPLOADED
from gateway.access.upload_bytes import MOST_OF_ONE as MOST_UPLOADED_OF_ONE
from gateway.exports.download_limit import MOST, MOST_OF_ONE
from gateway.intake.stock_limits import current_limits
from gateway.intake.tariffs import TariffsError, current
from gateway.webhooks.reach import Networks, networks
from projections.reads.sessions import TRANSACTION_DUE_S
from schemas.audit import KEPT_DAYS, LEAST_DAYS
from schemas.process.kafka import NO_BROKERS, Brokers
from schemas.process.key_settings import secret_keys
from schemas.process.settings import DATABASE, REGISTRY, SettingsError, deaf_after, need, one_of, positive, whole
from schemas.process.signing import NO_SIGNING, Signing
from schemas.retention import LEAST_DOCUMENT_DAYS, LEAST_LETTER_DAYS, LETTER_DAYS, OUTBOX_HOURS
from schemas.signing import NO_KEYS, Keys

#: How much of uploads there may be at a time, in all and of one key or person, and the most that it may be set to.
UPLOADS: Final = "MARKETPLACE_UPLOADS_MIB"
UPLOADS_OF_ONE: Final = "MARKETPLACE_UPLOADS_OF_ONE_MIB"
MOST_MIB: Final = 1024 * 1024
#: Where the pages of a system on this machine are.
PAGE_URL: Final = "http://127.0.0.1:8080"
#: Where the id of a trace goes in the address of its page.
TRACE_PLACE: Final = "{trace}"
#: Who acknowledged an alert in PagerDuty is called so here; PagerDuty is not told of it again.
IN_PAGERDUTY: Final = " (PagerDuty)"
#: A secret of fewer characters can be guessed.
_SECRET: Final = 16
#: Where each notifier is configured, by its name.
_NOTIFIERS: Final = {
    "slack": "SLACK_WEBHOOK_URL",
    "pagerduty": "PAGERDUTY_KEY",
    "email": "SMTP_HOST",
    "webhook": "MARKETPLACE_ALERT_WEBHOOK_URL",
}
#: Characters that PagerDuty takes as the key of an incident.
_INCIDENT_KEY: Final = 255


@dataclass(frozen=True, slots=True)
class Settings:
    """Times in seconds, sizes in bytes."""

    database_url: str
    brokers: Brokers = NO_BROKERS  # nothing is published, commands stay in the outbox
    registry_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    bootstrap_key: str = ""  # a whole API key, made an admin key at start if there is none of that id
    limits: Mapping[str, Limit] = field(default_factory=lambda: DEFAULT_LIMITS)
    max_json_bytes: int = MIB
    max_upload_bytes: int = 200 * MIB
    pool_size: int = 8
    request_timeout: float = 8.0  # an answer takes no longer, save uploads and streams
    upload_timeout: float = 600.0  # a whole upload, sending included: 200 MiB at 3 Mbit/s
    body_timeout: float = 15.0  # a client sends its JSON or form within this
    database_timeout: float = 5.0  # one statement
    connect_timeout: float = 2.0
    pool_wait: float = 4.0  # a request waits no longer for a connection that others have
    deaf_after: float = 15.0  # an event loop that stands still for so long ends the process
    connections: int = 4000  # open at the same time; half of the descriptors of the process at most
    connections_of_one: int = 500  # of them from one address
    upload_bytes_at_once: int = MOST_UPLOADED  # of documents that arrive, wait or are read
    upload_bytes_of_one: int = MOST_UPLOADED_OF_ONE  # of them those of one key or person
    downloads: int = MOST  # files that leave at the same time
    downloads_of_one: int = MOST_OF_ONE  # of them those of one key or person
    url: str = PAGE_URL  # where people and links find it
    trusted_proxies: str = ""  # addresses whose X-Forwarded-* is believed, comma separated
    allowed_hosts: tuple[str, ...] = ()  # names by which it may be asked; none: any
    database_limit: int | None = None  # bytes that the database may take, where somebody says it
    decision_due_s: float = 86400.0  # a plan that waits longer for a person is reminded of
    transaction_due_s: float = TRANSACTION_DUE_S  # a transaction of the database that is open for longer is told
    audit_days: int = KEPT_DAYS  # for which it is kept who did what
    document_days: int = 0  # for which documents of plans that have ended are kept; 0: for ever
    outbox_hours: int = OUTBOX_HOURS  # for which a published event stays in the outbox
    letter_days: Mapping[str, int] = field(default_factory=lambda: LETTER_DAYS)  # of letters that are decided on
    four_eyes: bool = False  # somebody else approves a plan than who uploaded it
    oidc: OidcSettings | None = None  # people sign in with accounts of their company
    secret_keys: Keys = NO_KEYS  # that encrypt what the database keeps of webhooks' secrets
    signing: Signing = NO_SIGNING  # producers' keys: what the relay and edits are signed with
    grafana_url: str = ""  # where people find the dashboards of metrics; empty: no page leads there
    trace_url: str = ""  # address of a trace's page, with {trace} for its id; empty: ids are shown without a link

    pagerduty_secrets: tuple[str, ...] = field(default=(), repr=False)  # that PagerDuty's webhooks are signed with
    webhook_networks: Networks = ()  # in which webhooks may be, besides public ones
    pagerduty_source: str = field(default_factory=lambda: pagerduty_source(PAGE_URL))  # its incidents of this system

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read MARKETPLACE_* variables. Raises SettingsError."""
        (database_url,) = need(env, DATABASE)
        try:
            limits = parse_limits(env.get("MARKETPLACE_LIMITS", ""))
        except ValueError as error:
            raise SettingsError(f"MARKETPLACE_LIMITS: {error}") from None
        try:
            current(env)  # each reading process reads it for itself
        except TariffsError as error:
            raise SettingsError(f"MARKETPLACE_TARIFFS: {error}") from None
        try:
            current_limits(env)  # as the tariffs
        except ValueError as error:
            raise SettingsError(str(error)) from None
        largest = whole(env, "MARKETPLACE_MAX_UPLOAD_MIB", 200, 1, 1024)
        # room for the largest one, with what its form has beside it
        of_one = whole(env, UPLOADS_OF_ONE, max(MOST_UPLOADED_OF_ONE // MIB, largest + 1), largest + 1, MOST_MIB)
        return cls(
            database_url=database_url,
            brokers=Brokers.from_env(env),
            registry_url=env.get(REGISTRY, ""),
            host=env.get("MARKETPLACE_HOST") or "127.0.0.1",
            port=whole(env, "MARKETPLACE_PORT", 8080, 0, 65535),
            limits=limits,
            max_upload_bytes=largest * MIB,
            upload_bytes_at_once=whole(env, UPLOADS, max(MOST_UPLOADED // MIB, 2 * of_one), of_one, MOST_MIB) * MIB,
            upload_bytes_of_one=of_one * MIB,
            pool_size=whole(env, "MARKETPLACE_POOL_SIZE", 8, 2, 200),
            deaf_after=deaf_after(env),
            connections=whole(env, "MARKETPLACE_CONNECTIONS", 4000, 10, 1_000_000),
            connections_of_one=whole(env, "MARKETPLACE_CONNECTIONS_OF_ONE", 500, 1, 1_000_000),
            downloads=whole(env, "MARKETPLACE_DOWNLOADS", MOST, 1, 1000),
            downloads_of_one=whole(env, "MARKETPLACE_DOWNLOADS_OF_ONE", MOST_OF_ONE, 1, 1000),
            url=env.get("MARKETPLACE_URL", "").strip() or PAGE_URL,
            trusted_proxies=env.get("MARKETPLACE_TRUSTED_PROXIES", ""),
            allowed_hosts=tuple(filter(None, map(str.strip, env.get("MARKETPLACE_ALLOWED_HOSTS", "").split(",")))),
            bootstrap_key=_bootstrap_key(env),
            database_limit=database_limit(env),
            decision_due_s=decision_due_s(env),
            transaction_due_s=transaction_due_s(env),
            audit_days=whole(env, "MARKETPLACE_AUDIT_DAYS", KEPT_DAYS, LEAST_DAYS, 36_500),
            document_days=_document_days(env),
            outbox_hours=whole(env, "MARKETPLACE_OUTBOX_HOURS", OUTBOX_HOURS, 1, 744),
            letter_days=_letter_days(env),
            four_eyes=four_eyes(env),
            oidc=OidcSettings.from_env(env),
            secret_keys=secret_keys(env),
            signing=Signing.from_env(env),
            grafana_url=_grafana_url(env),
            trace_url=trace_url(env),
            pagerduty_secrets=_pagerduty_secrets(env),
            webhook_networks=networks(env),
            pagerduty_source=pagerduty_source(env.get("MARKETPLACE_URL", "").strip() or PAGE_URL),
        )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the gateway."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def trace_page(self, trace_id: str | None) -> str | None:
        """Return the address of a trace's page, None without a trace or without the setting for such addresses."""
        return trace_page(self.trace_url, trace_id)


def trace_page(trace_url: str, trace_id: str | None) -> str | None:
    """Return the URL of a trace's page; None without a trace or without MARKETPLACE_TRACE_URL."""
    return trace_url.replace(TRACE_PLACE, trace_id) if trace_url and trace_id else None


def database_limit(env: Mapping[str, str]) -> int | None:
    """Return MARKETPLACE_DATABASE_LIMIT_GIB in bytes, None where it is not set. Raises SettingsError."""
    if not env.get("MARKETPLACE_DATABASE_LIMIT_GIB", "").strip():
        return None
    return int(positive(env, "MARKETPLACE_DATABASE_LIMIT_GIB", 1.0) * 1024 * MIB)


def decision_due_s(env: Mapping[str, str]) -> float:
    """Return MARKETPLACE_DECISION_DUE_HOURS in seconds. Raises SettingsError."""
    return positive(env, "MARKETPLACE_DECISION_DUE_HOURS", 24.0, at_most=24.0 * 366) * 3600.0


def four_eyes(env: Mapping[str, str]) -> bool:
    """Return whether MARKETPLACE_FOUR_EYES asks for somebody else's approval. Raises SettingsError."""
    return one_of(env, "MARKETPLACE_FOUR_EYES", "off", "on", "off") == "on"


def transaction_due_s(env: Mapping[str, str]) -> float:
    """Return MARKETPLACE_TRANSACTION_DUE. Raises SettingsError."""
    return positive(env, "MARKETPLACE_TRANSACTION_DUE", TRANSACTION_DUE_S, at_most=7 * 86400.0)


def pagerduty_source(page_url: str) -> str:
    """Return the prefix of this system's incident keys: the address of its pages."""
    try:
        return urlsplit(page_url).netloc or "marketplace"
    except ValueError:
        return "marketplace"


def notifier_setting(name: str) -> str:
    """Return the setting of the alert engine by which a notifier is reached, "" for one that is not known here."""
    return "MARKETPLACE_ALERT_URLS" if name.startswith("apprise-") else _NOTIFIERS.get(name, "")


def incident_key(source: str, key: str, incident: int = 1) -> str:
    """Return the key of an alert's incident in PagerDuty. The first has the alert's own key, later ones their number.

    A trigger with the key of an open incident pages nobody, so each that is to page somebody has a key of its own.
    """
    number = "" if incident <= 1 else f"#{incident}"
    return f"{source}/{key}"[: _INCIDENT_KEY - len(number)] + number


def _pagerduty_secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secrets: both of them while one replaces the other."""
    found = tuple(filter(None, map(str.strip, env.get("PAGERDUTY_WEBHOOK_SECRET", "").split(","))))
    if any(len(secret) < _SECRET for secret in found):
        raise SettingsError(
            f"PAGERDUTY_WEBHOOK_SECRET: a secret has {_SECRET} characters or more; PagerDuty shows it once, where the"
            " webhook is made"
        )
    return found


def _document_days(env: Mapping[str, str]) -> int:
    days = whole(env, "MARKETPLACE_DOCUMENT_DAYS", 0, 0, 36_500)
    if 0 < days < LEAST_DOCUMENT_DAYS:
        raise SettingsError(f"MARKETPLACE_DOCUMENT_DAYS is 0 (for ever) or {LEAST_DOCUMENT_DAYS} at least")
    return days


def _letter_days(env: Mapping[str, str]) -> dict[str, int]:
    """Return for how many days a letter is kept after it was replayed, and after it was discarded."""
    return {
        decided: whole(env, f"MARKETPLACE_{decided.upper()}_LETTER_DAYS", days, LEAST_LETTER_DAYS, 36_500)
        for decided, days in LETTER_DAYS.items()
    }


def _bootstrap_key(env: Mapping[str, str]) -> str:
    key = env.get("MARKETPLACE_BOOTSTRAP_KEY", "")
    if key:
        try:
            split(key)
        except NotAKey as error:
            raise SettingsError(f"MARKETPLACE_BOOTSTRAP_KEY: {error}; its secret has 32 characters or more") from None
    return key


def _grafana_url(env: Mapping[str, str]) -> str:
    url = env.get("MARKETPLACE_GRAFANA_URL", "").strip()
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(
            f"MARKETPLACE_GRAFANA_URL is {url!r}: give an address that begins with http:// or https://, such as"
            " http://127.0.0.1:3000"
        )
    return url


def trace_url(env: Mapping[str, str]) -> str:
    """Return MARKETPLACE_TRACE_URL. Raises SettingsError."""
    url = env.get("MARKETPLACE_TRACE_URL", "")
    around = url.split(TRACE_PLACE)
    # other braces are a place that nothing fills
    wrong = not url.startswith(("http://", "https://")) or len(around) != 2 or set("".join(around)) & set("{}")
    if url and wrong:
        raise SettingsError(
            f"MARKETPLACE_TRACE_URL is {url!r}: give an address that begins with http:// or https:// and has"
            f" {TRACE_PLACE} once and no other braces, such as http://127.0.0.1:16686/trace/{TRACE_PLACE}"
        )
    return url
