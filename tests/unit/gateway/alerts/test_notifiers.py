"""The form that each notifier gives a message, and that no secret is in it or in what is said of a failure."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from uuid import uuid4

import orjson
import pytest

from gateway.alerts import words
from gateway.alerts.alert import TELLS, About, State
from gateway.alerts.message import Message, gathered, item
from gateway.alerts.notifiers.apprise_url import AppriseUrl, valid
from gateway.alerts.notifiers.base import Failed, Notifier, scrubbed, unquoted
from gateway.alerts.notifiers.email import Email, lines
from gateway.alerts.notifiers.pagerduty import PagerDuty
from gateway.alerts.notifiers.slack import Slack, payload
from gateway.alerts.notifiers.webhook import Webhook, body, signature
from gateway.settings import incident_key
from gateway.verdict.traits import Severity
from tests.unit.gateway.alerts.looks import alert, at, letters

URL = "http://pages:8080"
GROWING = replace(
    alert(),
    finding=letters(40, recent=12),
    words=("40 <letters> & more.", "Evidence.", "Mend it."),
    runbook="docs/runbooks/x.md#a-part",
)
ONE = gathered("3f2b8c1e", [item(GROWING, About.OPENED, URL)], URL)
OVER = gathered(
    "3f2b8c1f",
    [item(replace(GROWING, state=State.RESOLVED, resolved_at=at(125)), About.RESOLVED, URL)],
    URL,
)
MANY = gathered(
    "3f2b8c20", [item(alert(severity=Severity.WARNING, key=f"w{n}"), About.OPENED, URL) for n in range(500)], URL
)
RUNBOOK = f"{URL}/runbooks/x#a-part"
SUMMARY = Message("3f2b8c21", "Daily summary of alerts", "info", text="Nothing is wrong now.")


def texts(data: object) -> str:
    return orjson.dumps(data).decode()


def test_slack_gets_rate_count_and_recommendation_as_fields() -> None:
    said = payload(ONE, "#ops")
    blocks = said["attachments"][0]["blocks"]
    fields = [field["text"] for field in blocks[1]["fields"]]
    assert said["channel"] == "#ops"
    assert said["text"] == "40 &lt;letters&gt; &amp; more.", "nothing of it is markup"
    assert {"*Count*\n40", "*Rate*\n12 within 5 min", "*Severity*\ncritical"} <= set(fields)
    assert blocks[2]["text"]["text"] == "*What to do*\nMend it."
    assert f"<{URL}/alerts/{GROWING.alert_id}|Show the alert>" in texts(blocks[3])
    assert "3f2b8c1e" in texts(blocks[-1])
    assert "channel" not in payload(ONE)


def test_slack_shows_a_recovery_in_green_with_its_end() -> None:
    said = payload(OVER)
    assert said["attachments"][0]["color"] == "#2e7d32"
    assert "Resolved after 2 min" in said["text"]
    assert "*Resolved*" in texts(said)
    assert "What to do" not in texts(said)


def test_slack_gets_a_storm_as_one_list_within_its_limits() -> None:
    blocks = payload(MANY)["attachments"][0]["blocks"]
    assert "500 alerts (500 open)" in texts(blocks[0])
    assert "and 480 more" in texts(blocks)
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks if "text" in block)
    assert "Nothing is wrong now." in texts(payload(SUMMARY))


def test_slack_gets_no_field_that_it_would_refuse() -> None:
    """It takes ten fields of 2,000 characters, and refuses the whole message otherwise."""
    (told,) = ONE.items
    long = replace(told, fields={f"Figure {n}": "<" * 900 for n in range(12)})
    fields = payload(replace(ONE, items=(long,)))["attachments"][0]["blocks"][1]["fields"]
    assert len(fields) == 10
    assert all(len(field["text"]) <= 2000 for field in fields)


def test_of_a_few_at_once_each_says_what_to_do() -> None:
    """Whoever is woken reads one message, and need not open a page for the next step."""
    few = gathered("3f2b8c26", [*ONE.items, item(replace(GROWING, alert_id=uuid4()), About.OPENED, URL)], URL)
    assert texts(payload(few)).count("_What to do_: Mend it.") == 2
    assert "What to do" not in texts(payload(MANY))


def test_what_is_over_is_told_as_that_and_in_times_that_people_read() -> None:
    (over,) = OVER.items
    assert over.evidence == ""
    both = gathered("3f2b8c27", [over, item(replace(GROWING, alert_id=uuid4()), About.OPENED, URL)], URL)
    told = list(lines(both))
    assert any(line.startswith("Resolved after 2 min") for line in told)
    assert any(line.startswith("CRITICAL: ") for line in told)
    said = "\n".join(told) + texts(payload(OVER))
    assert words.moment(over.began_at) in said
    assert over.began_at not in said


def test_pagerduty_opens_an_incident_by_its_key_and_resolves_it_by_the_same() -> None:
    pager = PagerDuty("secret-key", "pages:8080")
    (opens,), (ends,) = pager.events(ONE), pager.events(OVER)
    assert (opens["event_action"], ends["event_action"]) == ("trigger", "resolve")
    assert opens["dedup_key"] == ends["dedup_key"] == "pages:8080/k"
    assert opens["payload"]["severity"] == "critical"
    assert opens["payload"]["custom_details"]["recommendation"] == "Mend it."
    assert opens["links"][0]["href"] == ONE.link
    assert "secret-key" not in texts(opens)
    assert [event["event_action"] for event in pager.events(SUMMARY)] == ["trigger", "resolve"], "a test leaves nothing"
    assert not pager.gathers


def test_each_leads_to_the_runbook_by_a_link() -> None:
    """A person who is woken at night has no copy of the source, so a link must lead to the page."""
    assert f"<{RUNBOOK}|Runbook>" in texts(payload(ONE))
    assert f"Runbook: {RUNBOOK}" in list(lines(ONE))
    assert body(ONE)["alerts"][0]["runbook"] == RUNBOOK
    (opens,) = PagerDuty("k", "pages").events(ONE)
    assert {"href": RUNBOOK, "text": "Runbook"} in opens["links"]
    assert "Runbook" not in texts(payload(OVER)) + "".join(lines(OVER))


@pytest.mark.parametrize("about", sorted(TELLS - {About.OPENED}))
def test_what_is_told_anew_ends_the_incident_before_and_opens_one_of_its_own(about: About) -> None:
    """A trigger on an open incident pages nobody."""
    made = gathered("3f2b8c28", [item(GROWING, about, URL, incident=3)], URL)
    events = [(one["event_action"], one["dedup_key"]) for one in PagerDuty("k", "pages:8080").events(made)]
    assert events == [("resolve", "pages:8080/k#2"), ("trigger", "pages:8080/k#3")]
    assert Message.from_json(made.to_json()) == made


def test_an_escalation_adds_to_the_incident_and_an_end_leaves_none_open() -> None:
    over = replace(GROWING, state=State.RESOLVED, resolved_at=at(125))
    escalated, ended = (
        gathered("3f2b8c29", [item(one, about, URL, incident=2)], URL)
        for one, about in ((GROWING, About.ESCALATED), (over, About.RESOLVED))
    )
    pager = PagerDuty("k", "pages:8080")
    assert [(one["event_action"], one["dedup_key"]) for one in pager.events(escalated)] == [
        ("trigger", "pages:8080/k#2")
    ]
    ends = [(one["event_action"], one["dedup_key"]) for one in pager.events(ended)]
    assert ends == [("resolve", "pages:8080/k"), ("resolve", "pages:8080/k#2")]


def test_a_long_key_keeps_its_number() -> None:
    keys = {incident_key("pages:8080", "k" * 300, number) for number in (1, 2, 12, 100_000)}
    assert {len(one) for one in keys} == {255}
    assert len(keys) == 4


def test_an_incident_is_acknowledged_by_its_key() -> None:
    (told,) = PagerDuty("k", "pages:8080").events(gathered("3f2b8c22", [item(GROWING, About.ACKNOWLEDGED, URL)], URL))
    assert told == {"event_action": "acknowledge", "dedup_key": "pages:8080/k"}


def test_each_leads_to_the_trace_of_the_plan_where_traces_have_pages() -> None:
    trace, where = "ab" * 16, "http://traces/{trace}"
    traced = replace(GROWING, traceparent=f"00-{trace}-{'cd' * 8}-01")
    one = gathered("3f2b8c23", [item(traced, About.OPENED, URL, trace_url=where)], URL)
    page = f"http://traces/{trace}"
    assert f"<{page}|Trace>" in texts(payload(one))
    assert f"Trace: {page}" in list(lines(one))
    assert body(one)["alerts"][0]["trace"] == page
    (opens,) = PagerDuty("k", "pages").events(one)
    assert [link["href"] for link in opens["links"]] == [one.link, RUNBOOK, page]

    nowhere = gathered("3f2b8c24", [item(traced, About.OPENED, URL)], URL)
    untraced = gathered("3f2b8c25", [item(GROWING, About.OPENED, URL, trace_url=where)], URL)
    for other in (nowhere, untraced):
        assert other.items[0].trace == ""
        assert "Trace" not in texts(payload(other)) + "".join(lines(other))


def test_a_webhook_is_signed_over_the_time_and_the_body() -> None:
    content = orjson.dumps(body(ONE))
    expected = hmac.new(b"secret", b"1700000000." + content, hashlib.sha256).hexdigest()
    assert signature("secret", "1700000000", content) == f"v1={expected}"
    told = orjson.loads(content)
    assert (told["messageId"], told["alerts"][0]["recommendation"]) == ("3f2b8c1e", "Mend it.")
    assert told["alerts"][0]["fields"] == {"Count": "40", "Rate": "12 within 5 min", "For": "1 min"}


def test_a_mail_has_the_id_of_its_message_and_says_all_of_it() -> None:
    mail = Email("h", 25, "Alerts <ops@example.com>", ("a@b.c", "d@e.f")).mail(ONE)
    assert (mail["Message-ID"], mail["To"]) == ("<3f2b8c1e@example.com>", "a@b.c, d@e.f")
    assert mail["Subject"] == "[critical] 40 <letters> & more."
    text = mail.get_content()
    for part in ("Evidence.", "What to do: Mend it.", "Rate: 12 within 5 min", ONE.link, f"Runbook: {RUNBOOK}"):
        assert part in text
    assert Email("h", 25, "x", ("a@b.c",)).mail(OVER)["Subject"].startswith("[resolved] Resolved after 2 min")
    assert "Resolved: " in "\n".join(lines(OVER))
    many = "\n".join(lines(MANY))
    assert "WARNING: What." in many
    assert "and 480 more" in many
    assert list(lines(SUMMARY)) == ["Nothing is wrong now."]


def test_no_notifier_shows_its_secrets() -> None:
    shown: list[Notifier] = [
        Slack("https://hooks.slack.example/services/T/B/s3cret"),
        PagerDuty("s3cret", "x"),
        Webhook("https://x/s3cret", "s3cret"),
        Email("h", 25, "a@b.c", ("d@e.f",), "u", "s3cret"),
        AppriseUrl("json://u:s3cret@host"),
    ]
    assert not any("s3cret" in repr(one) for one in shown)
    for one in shown:
        assert "s3cret" not in scrubbed(
            "cannot reach https://hooks.slack.example/services/T/B/s3cret s3cret u:s3cret@host https://x/s3cret",
            (*one.secrets, "s3cret"),
        )
    assert scrubbed("no route to T/B/s3cret", shown[0].secrets) == "no route to ***"
    assert scrubbed("x", ("",)) == "x"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("HTTP 400: cannot read 'Maria'", "HTTP 400"),
        ("HTTP 200: ok", "HTTP 200"),
        ("HTTP 503", "HTTP 503"),
        ("SMTP 554: Maria is spam", "SMTP 554"),
        ("RemoteProtocolError: illegal status line: b'Maria'", "RemoteProtocolError"),
        ("ConnectError", "ConnectError"),
        ("no answer within 15 s", "no answer within 15 s"),
        ("no recipient is taken: a@b.c (550)", "no recipient is taken: a@b.c (550)"),
        ("taken", "taken"),
    ],
)
def test_a_receivers_words_are_left_out_and_our_own_stay(said: str, left: str) -> None:
    assert unquoted(said) == left


def test_apprise_knows_addresses() -> None:
    assert valid("json://localhost/alerts")
    assert not valid("nonsense://x")


async def test_apprise_says_what_it_does_not_understand_for_good() -> None:
    with pytest.raises(Failed, match="address") as failed:
        await AppriseUrl("nonsense://x").send(ONE)
    assert failed.value.final


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("message", [ONE, MANY, SUMMARY])
def test_what_may_have_arrived_before_says_so_where_repeats_are_not_dropped(message: Message, language: str) -> None:
    """In the title, which a phone shows, and in the text. With the same id: it is still the same message."""
    speech = words.speech(language)
    first = replace(message, language=language)
    again = replace(first, may_repeat=True)
    begins = speech.text(words.REPEAT).partition("%")[0]
    not_known = speech.text(words.NOT_KNOWN)
    assert payload(again)["text"] == f"{begins}{payload(first)['text']}"
    assert payload(again)["attachments"][0]["blocks"][0]["text"]["text"] == f"_{not_known}_"
    assert payload(again)["attachments"][0]["blocks"][1:] == payload(first)["attachments"][0]["blocks"]
    mail = Email("h", 25, "a@example.com", ("b@example.com",))
    assert f"] {begins}" in mail.mail(again)["Subject"]
    assert mail.mail(again)["Message-ID"] == mail.mail(first)["Message-ID"]
    assert [*lines(again)] == [not_known, "", *lines(first)]
    assert (language == words.DEFAULT) is (not_known == words.NOT_KNOWN)
    assert again.to_json() == first.to_json(), "it belongs to the attempt"
