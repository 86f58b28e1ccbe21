"""Messages in Portuguese: titles, figures, labels of every notifier, the summary; no word of English is left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.alerts import words
from gateway.alerts.alert import About, State
from gateway.alerts.message import Item, Message, fields, gathered, item
from gateway.alerts.notifiers.email import Email, lines
from gateway.alerts.notifiers.pagerduty import PagerDuty
from gateway.alerts.notifiers.slack import payload
from gateway.alerts.settings import Settings
from gateway.verdict.kinds import Kind
from schemas.process.settings import SettingsError
from tests.unit.gateway.alerts.looks import alert, at
from tests.unit.gateway.verdict.examples import finding

URL = "http://paginas"
PT = "pt_BR"
DEAF = "deaf: nothing is taken from plan.events/1"


def told(about: About = About.OPENED, kind: Kind = Kind.DEAD_LETTERS) -> Item:
    found = finding(kind)
    return item(replace(alert(), kind=kind, finding=found), about, URL, words.speech(PT))


def test_an_alert_is_said_in_portuguese_whoever_wrote_it_down_in_english() -> None:
    english = item(replace(alert(), finding=finding(Kind.DEAD_LETTERS)), About.OPENED, URL)
    one = told()
    assert one.title != english.title
    assert one.recommendation
    assert "Quantidade" in one.fields
    assert one.kind == Kind.DEAD_LETTERS, "what machines read stays as it is"


def test_a_catalogue_is_compiled_once_and_no_time_is_kept() -> None:
    assert words.speech(PT) is words.speech(PT)
    assert not hasattr(words.moment, "cache_info"), "a process that runs for months says ever other times"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_words(kind: Kind) -> None:
    english = item(replace(alert(), kind=kind, finding=finding(kind)), About.OPENED, URL)
    assert told(kind=kind).title != english.title


def test_what_else_is_told_says_so() -> None:
    over = replace(alert(state=State.RESOLVED), resolved_at=at(185))
    assert item(over, About.RESOLVED, URL, words.speech(PT)).title.startswith("Resolvido depois de 3 min: ")
    assert told(About.ESCALATED).title.startswith("Ninguém assumiu: ")


def test_many_are_counted_in_portuguese() -> None:
    over = replace(alert(key="r", state=State.RESOLVED), resolved_at=at(9))
    items = [told(), item(replace(alert(key="b"), finding=None), About.OPENED, URL, words.speech(PT))]
    message = gathered("m", [*items, item(over, About.RESOLVED, URL, words.speech(PT))], URL, PT)
    assert message.title.startswith("3 alertas (2 abertos, 1 resolvido): ")
    assert message.language == PT


def test_each_notifier_labels_in_the_language_of_the_message() -> None:
    message = gathered("m", [replace(told(), runbook=f"{URL}/runbooks/x")], URL, PT)
    slack = str(payload(message))
    mail = "\n".join(lines(message))
    for text in ("O que fazer", "Mostrar o alerta", "Gravidade", "crítico", "Mensagem m"):
        assert text in slack
    for text in ("O que fazer: ", "Começou: "):
        assert text in mail
    for english in ("What to do", "Severity", "Began", "Show the alert", "critical"):
        assert english not in slack
        assert english not in mail
    assert Email("h", 25, "a@b.c", ("d@e.f",)).mail(message)["Subject"].startswith("[crítico] ")
    (event,) = PagerDuty("k", "s").events(message)
    assert event["links"][0]["text"] == "Mostrar o alerta"
    assert event["payload"]["severity"] == "critical", "the service's own word"


def test_the_reason_that_the_system_wrote_down_is_translated_and_that_of_others_is_cut() -> None:
    """Slack takes no message with a field of more than 2,000 characters; a server can say pages."""
    ours = replace(finding(Kind.PROCESS_DEAF), values={**finding(Kind.PROCESS_DEAF).values, "reason": DEAF})
    theirs = replace(ours, values={**ours.values, "reason": "x" * 5000})
    assert fields(ours, words.speech(PT))["Motivo"] == "surdo: nada é retirado de plan.events/1"
    assert fields(ours)["Reason"] == DEAF
    assert len(fields(theirs)["Reason"]) <= 160


def test_a_message_of_an_earlier_version_is_english() -> None:
    body = gathered("m", [told()], URL, PT).to_json()
    assert Message.from_json(body).language == PT
    del body["language"]
    assert Message.from_json(body).language == "en"


def test_the_language_is_a_setting() -> None:
    env = {"MARKETPLACE_DATABASE_URL": "postgresql://x"}
    assert Settings.from_env(env).language == "en"
    assert Settings.from_env({**env, "MARKETPLACE_ALERT_LANGUAGE": "pt_BR"}).language == PT
    with pytest.raises(SettingsError, match="MARKETPLACE_ALERT_LANGUAGE"):
        Settings.from_env({**env, "MARKETPLACE_ALERT_LANGUAGE": "tlh"})
    assert words.speech("tlh") is words.speech("en")
