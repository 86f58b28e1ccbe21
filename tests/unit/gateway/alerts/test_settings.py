"""What the engine is told: what is configured exists, what is wrong is said at the start without quoting a secret."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.alerts.notifiers.email import Email
from gateway.alerts.notifiers.pagerduty import ADDRESS, PagerDuty
from gateway.alerts.notifiers.slack import Slack
from gateway.alerts.patience import Hold
from gateway.alerts.routes_file import _said, parse, usual
from gateway.alerts.settings import Settings
from gateway.settings import PAGE_URL, notifier_setting
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Scope, Severity
from schemas.process.settings import SettingsError

DATABASE = {"MARKETPLACE_DATABASE_URL": "postgresql://u:s3cret@h/d"}
MAIL = {"SMTP_HOST": "mail", "SMTP_FROM": "ops@example.com", "SMTP_TO": "a@b.c, d@e.f"}
SLACK = {"SLACK_WEBHOOK_URL": "https://hooks.slack.example/services/s3cret"}
ALL = ("slack", "pagerduty", "email", "webhook")


def told(**env: str) -> Settings:
    return Settings.from_env({**DATABASE, **env})


def test_with_nothing_configured_there_is_nobody_to_tell() -> None:
    settings = told()
    assert (dict(settings.notifiers), settings.routing.routes, settings.page_url) == ({}, (), PAGE_URL)
    assert settings.database_limit is None
    assert told(MARKETPLACE_DATABASE_LIMIT_GIB="2").database_limit == 2 * 1024**3
    assert settings.decision_due_s == 24 * 3600.0
    assert told(MARKETPLACE_DECISION_DUE_HOURS="1.5").decision_due_s == 5400.0


def test_each_way_out_is_there_once_it_is_configured() -> None:
    settings = told(
        **SLACK,
        **MAIL,
        SLACK_ALERT_CHANNEL="#ops",
        PAGERDUTY_KEY="s3cret",
        MARKETPLACE_ALERT_WEBHOOK_URL="http://h/s3cret",
        MARKETPLACE_ALERT_WEBHOOK_SECRET="s3cret",
        MARKETPLACE_ALERT_URLS="json://localhost/x  json://u:s3cret@h",
        MARKETPLACE_URL="https://plans.example.com/",
    )
    assert tuple(settings.notifiers) == (*ALL, "apprise-1", "apprise-2")
    assert "s3cret" not in repr(settings)
    named = {notifier_setting(name) for name in settings.notifiers}
    assert named == {*SLACK, "PAGERDUTY_KEY", "SMTP_HOST", "MARKETPLACE_ALERT_WEBHOOK_URL", "MARKETPLACE_ALERT_URLS"}
    slack, pager, mail = settings.notifiers["slack"], settings.notifiers["pagerduty"], settings.notifiers["email"]
    assert isinstance(slack, Slack)
    assert slack.channel == "#ops"
    assert isinstance(pager, PagerDuty)
    assert (pager.source, pager.url) == ("plans.example.com", ADDRESS)
    assert isinstance(mail, Email)
    assert (mail.port, mail.to, mail.security) == (587, ("a@b.c", "d@e.f"), "starttls")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"SLACK_WEBHOOK_URL": "ftp://h/s3cret"}, "SLACK_WEBHOOK_URL has to be an address"),
        ({"SLACK_WEBHOOK_URL": "https://h:port/s3cret"}, "SLACK_WEBHOOK_URL has to be an address"),
        ({"PAGERDUTY_KEY": "s3cret", "PAGERDUTY_URL": "s3cret"}, "PAGERDUTY_URL"),
        ({"SMTP_HOST": "mail"}, "SMTP_FROM has to be an address"),
        ({**MAIL, "SMTP_TO": "nobody"}, "SMTP_TO has to be an address"),
        ({**MAIL, "SMTP_USER": "u"}, "SMTP_USER and SMTP_PASSWORD go together"),
        ({**MAIL, "SMTP_SECURITY": "ssl"}, "SMTP_SECURITY must be starttls or tls or none"),
        ({**MAIL, "SMTP_PORT": "many"}, "SMTP_PORT"),
        ({"MARKETPLACE_ALERT_URLS": "json://localhost nonsense://s3cret"}, "address 2 .nonsense:..."),
        ({"MARKETPLACE_ALERT_ROUTES": "/nowhere/routes.toml"}, "cannot be read: FileNotFoundError"),
        ({"MARKETPLACE_DATABASE_LIMIT_GIB": "0"}, "must be above zero"),
        ({"MARKETPLACE_DECISION_DUE_HOURS": "0"}, "must be above zero"),
    ],
)
def test_what_makes_no_sense_is_said_without_its_secret(env: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as error:
        told(**env)
    assert "s3cret" not in str(error.value)


def test_without_a_file_mail_stands_in_for_slack_and_pagers_wake_for_what_is_critical() -> None:
    routing = usual(ALL)
    told_what = {route.to: (sorted(route.severities), route.fallback) for route in routing.routes}
    assert told_what == {
        ("slack",): (["critical", "warning"], ("email",)),
        ("webhook",): (["critical", "warning"], ()),
        ("pagerduty",): (["critical"], ("slack",)),
    }
    assert routing.escalation.steps == ("pagerduty", "email")
    assert routing.summary.to == ("email",)
    alone = usual(["email"])
    assert [route.to for route in alone.routes] == [("email",)]
    assert usual(["slack"]).escalation.steps == ()
    assert usual(["slack", "webhook"]).escalation.steps == ("webhook",)


FILE = """
zone = "America/Sao_Paulo"
[[route]]
to = ["slack"]
severities = ["critical"]
kinds = ["role-missing"]
fallback = ["email"]
[[route]]
to = ["email"]
scopes = ["business"]
[escalation]
after_minutes = 5
to = ["pagerduty"]
least = "warning"
[[quiet]]
from = "22:00"
to = "07:00"
days = ["fri"]
severities = ["info"]
[summary]
daily = "off"
weekly = "fri 17:30"
to = ["webhook"]
[patience.dead-letters]
opens_s = 60
resolves_s = 5
"""


def test_a_file_says_who_is_told_of_what_and_when() -> None:
    routing = parse(FILE, ALL)
    first, second = routing.routes
    assert (first.to, first.severities, first.kinds) == (
        ("slack",),
        frozenset({Severity.CRITICAL}),
        frozenset({Kind.ROLE_MISSING}),
    )
    assert (first.fallback, second.scopes) == (("email",), frozenset({Scope.BUSINESS}))
    escalation = routing.escalation
    assert (escalation.after, escalation.steps, escalation.least) == (
        timedelta(minutes=5),
        ("pagerduty",),
        Severity.WARNING,
    )
    (quiet,) = routing.quiet
    assert (quiet.zone, quiet.days, quiet.severities) == (
        ZoneInfo("America/Sao_Paulo"),
        frozenset({"fri"}),
        frozenset({Severity.INFO}),
    )
    summary = routing.summary
    assert (summary.zone, summary.daily, summary.weekly, summary.to) == (
        "America/Sao_Paulo",
        None,
        "fri 17:30",
        ("webhook",),
    )
    assert routing.patience.hold(Kind.DEAD_LETTERS, Severity.WARNING) == Hold(60, 5)


def test_an_empty_file_changes_nothing() -> None:
    assert parse("", ALL) == usual(ALL)


def test_a_file_that_says_when_it_is_escalated_and_not_to_whom_escalates_as_without_one() -> None:
    later = parse("[escalation]\nafter_minutes = 30", ALL).escalation
    assert (later.after, later.steps) == (timedelta(minutes=30), usual(ALL).escalation.steps)
    assert parse("[escalation]\nto = []", ALL).escalation.steps == (), "who wants none says so"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "not valid TOML"),
        ("colour = 'red'", "colour: Extra inputs are not permitted"),
        ("zone = 'Mars/Olympus'", "zone: 'Mars/Olympus' is no time zone"),
        ("zone = '../x'", "zone: '../x' is no time zone"),
        ("[[route]]\nto = []", "route.1.to"),
        (
            "[[route]]\nto = ['slack']\n[[route]]\nto = ['fax']",
            "route 2, to: 'fax' is not configured; configured: slack",
        ),
        ("[[route]]\nto = ['slack']\nkinds = ['nonsense']", "route.1.kinds.1"),
        ("[[route]]\nto = ['slack']\nfallback = ['fax']", "route 1, fallback"),
        ("[escalation]\nto = ['fax']", "escalation, to"),
        ("[escalation]\nafter_minutes = 0", "escalation.after_minutes"),
        ("[[quiet]]\nfrom = '25:00'\nto = '07:00'", "quiet.1.from"),
        ("[[quiet]]\nfrom = '22:00'\nto = '07:00'\ndays = ['someday']", "quiet, days: 'someday'"),
        ("[summary]\nweekly = 'monday 8'", "summary.weekly"),
        ("[patience.nonsense]\nopens_s = 1\nresolves_s = 1", "patience.nonsense"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        parse(text, ALL)
    assert str(error.value).startswith("MARKETPLACE_ALERT_ROUTES: ")
    assert said in str(error.value)


def test_the_file_is_read_from_where_it_is_said_to_be(tmp_path: Path) -> None:
    file = tmp_path / "routes.toml"
    file.write_text('[[route]]\nto = ["slack"]\nkinds = ["broker-away"]\n')
    assert len(told(**SLACK, MARKETPLACE_ALERT_ROUTES=str(file)).routing.routes) == 1
    with pytest.raises(SettingsError, match="configured: none"):
        told(MARKETPLACE_ALERT_ROUTES=str(file))


def test_what_a_check_of_ours_says_is_said_without_the_library_s_words() -> None:
    error = {"loc": ("route", 0, "to"), "msg": "Value error, give one of both"}
    assert _said(error) == "route.1.to: give one of both"
    assert _said({**error, "loc": ()}) == "give one of both"
