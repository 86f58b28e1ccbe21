"""`marketplace alerts test`: an engine at work sends to a receiver that is there, and says what that answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import pytest

from gateway.cli.connection import ensure_key
from local.ports import free_port
from tests.integration.cli.conftest import Marketplace
from tests.support.patience import until
from tests.support.receivers import HttpReceiver, SmtpReceiver, http_receiver, smtp_receiver
from tests.support.systems import Systems

HTTP: Final = ("slack", "pagerduty", "webhook", "apprise-1")
ALL: Final = (*HTTP, "email")
SETTINGS: Final = {
    "slack": "SLACK_WEBHOOK_URL",
    "pagerduty": "PAGERDUTY_KEY",
    "webhook": "MARKETPLACE_ALERT_WEBHOOK_URL",
    "apprise-1": "MARKETPLACE_ALERT_URLS",
    "email": "SMTP_HOST",
}


@dataclass(frozen=True)
class Receivers:
    """One for each way in which messages leave."""

    http: Mapping[str, HttpReceiver]
    mail: SmtpReceiver

    @property
    def env(self) -> dict[str, str]:
        nobody = free_port()
        return {
            "SLACK_WEBHOOK_URL": f"{self.http['slack'].url}/services/T/B/s3cret",
            "PAGERDUTY_KEY": "r0uting-s3cret",
            "PAGERDUTY_URL": self.http["pagerduty"].url,
            "MARKETPLACE_ALERT_WEBHOOK_URL": f"{self.http['webhook'].url}/s3cret",
            "MARKETPLACE_ALERT_URLS": (
                f"{self.http['apprise-1'].url.replace('http://', 'json://')}/s3cret json://127.0.0.1:{nobody}/s3cret"
            ),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mail.port),
            "SMTP_FROM": "alerts@example.com",
            "SMTP_TO": "ops@example.com",
            "SMTP_SECURITY": "none",
        }


@pytest.fixture(scope="module")
def receivers() -> Iterator[Receivers]:
    with ExitStack() as stack:
        http = {name: stack.enter_context(http_receiver()) for name in HTTP}
        yield Receivers(http, stack.enter_context(smtp_receiver()))


@pytest.fixture(scope="module")
async def marketplace(
    systems: Systems, tmp_path_factory: pytest.TempPathFactory, receivers: Receivers
) -> AsyncIterator[Marketplace]:
    data_dir = tmp_path_factory.mktemp("system")
    env = {"MARKETPLACE_BOOTSTRAP_KEY": ensure_key(data_dir), **receivers.env}
    async with systems.system(data_dir, env, ("gateway", "alerts")) as stack:
        made = Marketplace(data_dir, stack.env["MARKETPLACE_DATABASE_URL"])
        await until(lambda: "There are: " in made("alerts", "test", "fax", status=None).stderr)
        yield made


@pytest.fixture(autouse=True)
def all_is_well(receivers: Receivers) -> None:
    """Have every receiver take what comes, and know of nothing from before."""
    for name, one in receivers.http.items():
        one.got.clear()
        one.answers = [(202, '{"status":"success"}') if name == "pagerduty" else (200, "ok")]
    receivers.mail.got.clear()
    receivers.mail.refuses, receivers.mail.unknown = "", frozenset()


def said(marketplace: Marketplace, name: str, status: int) -> str:
    done = marketplace("alerts", "test", name, status=status, COLUMNS="200")
    assert "s3cret" not in done.stdout + done.stderr
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("name", ALL)
def test_a_test_arrives_and_it_is_said_what_the_receiver_answered(
    marketplace: Marketplace, receivers: Receivers, name: str
) -> None:
    answers = {"slack": "HTTP 200: ok", "webhook": "HTTP 200: ok", "pagerduty": 'HTTP 202: {"status":"success"}'}
    assert said(marketplace, name, 0) == f"The test by {name} arrived: {answers.get(name, 'taken')}"
    if name == "email":
        (mail,) = receivers.mail.got
        assert "Test of alerts" in mail["Subject"]
        return
    got = receivers.http[name].got
    assert b"Test of alerts" in got[0].body
    assert len(got) == (2 if name == "pagerduty" else 1), "a test opens an incident and ends it at once"


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("slack", (404, "no_service"), "HTTP 404: no_service"),
        ("pagerduty", (400, "r0uting-s3cret is no key"), "HTTP 400: *** is no key"),
        ("webhook", (401, "who are you?"), "HTTP 401: who are you?"),
    ],
)
def test_a_receiver_that_refuses_is_named_with_its_answer_and_the_setting_to_look_at(
    marketplace: Marketplace, receivers: Receivers, name: str, answer: tuple[int, str], why: str
) -> None:
    receivers.http[name].answers = [answer]
    text = said(marketplace, name, 1)
    assert text.startswith(f"The test by {name} did not arrive: {why} > See {SETTINGS[name]} of the alert engine")
    assert "tried again" not in text
    assert len(receivers.http[name].got) == 1, "what is refused for good goes once"


def test_a_mail_server_that_knows_no_such_address_is_named_with_its_answer(
    marketplace: Marketplace, receivers: Receivers
) -> None:
    receivers.mail.unknown = frozenset({"ops@example.com"})
    text = said(marketplace, "email", 1)
    assert text.startswith(
        "The test by email did not arrive: no recipient is taken: ops@example.com (550)"
        " > See SMTP_HOST of the alert engine"
    )


@pytest.mark.parametrize("name", ["webhook", "apprise-1"])
def test_a_receiver_that_is_away_for_a_moment_gets_the_same_test_later(
    marketplace: Marketplace, receivers: Receivers, name: str
) -> None:
    receivers.http[name].answers = [(503, "later"), (200, "ok")]
    told = marketplace.json("alerts", "test", name, status=1)
    assert (told["notifier"], told["state"], told["about"]) == (name, "waiting", "test")
    assert [one["outcome"] for one in told["tries"]] == ["failed"]
    assert "s3cret" not in str(told)


def test_a_receiver_that_nobody_answers_for_is_said_to_be_tried_again(marketplace: Marketplace) -> None:
    text = said(marketplace, "apprise-2", 1)
    assert text.startswith("The test by apprise-2 did not arrive: Apprise could not deliver it")
    assert "MARKETPLACE_ALERT_URLS" in text
    assert "It is tried again by itself" in text


def test_one_that_there_is_not_is_refused_with_those_that_there_are(marketplace: Marketplace) -> None:
    done = marketplace("alerts", "test", "fax", status=1)
    assert "There is no notifier 'fax'" in done.stderr
    assert all(name in done.stderr for name in (*ALL, "apprise-2"))
