"""What is said: one alert with its figures, many in one message, and how long it took."""

from __future__ import annotations

from dataclasses import replace

from gateway.alerts.alert import TELLS, About, State
from gateway.alerts.message import LISTED, SHOWN, Message, fields, gathered, in_words, item, with_what_follows
from gateway.alerts.titles import without_about
from gateway.verdict import flapping
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.languages import speech
from gateway.verdict.traits import Severity
from gateway.verdict.words.speech import ENGLISH
from tests.unit.gateway.alerts.looks import alert, at, letters
from tests.unit.gateway.verdict.examples import finding

URL = "http://pages"


def resolved(key: str = "k") -> Message:
    over = replace(alert(key=key, state=State.RESOLVED), resolved_at=at(185))
    return gathered("m", [item(over, About.RESOLVED, URL)], URL)


def test_one_alert_is_said_with_cause_recommendation_link_and_runbook() -> None:
    message = gathered("m", [item(alert(), About.OPENED, URL)], URL)
    one = message.only
    assert one is not None
    assert (message.title, message.severity, message.over) == ("What.", "critical", False)
    assert (one.evidence, one.recommendation, one.runbook) == ("Evidence.", "Do it.", f"{URL}/runbooks/x")
    assert one.link == message.link == f"{URL}/alerts/{alert().alert_id}"


def test_what_follows_is_said_and_beyond_five_counted() -> None:
    said = [f"{n}." for n in range(SHOWN + 2)]
    assert with_what_follows("Evidence.", []) == "Evidence."
    assert with_what_follows("Evidence.", said[:1]).endswith("0.")
    assert "1." in with_what_follows("", said[:2])
    long = with_what_follows("Evidence.", said)
    assert (said[SHOWN - 1] in long, said[SHOWN] in long, "2" in long.rpartition(said[SHOWN - 1])[2]) == (
        True,
        False,
        True,
    )


def test_of_one_that_flaps_it_is_said_when_it_is_over() -> None:
    often = item(alert(), About.OPENED, URL, openings=flapping.TIMES).evidence
    assert often == "Evidence. It opened 3 times within 15 min, so it is over only when it is not seen for 5 min."
    assert item(alert(), About.OPENED, URL, openings=flapping.TIMES - 1).evidence == "Evidence."
    over = replace(alert(state=State.RESOLVED), resolved_at=at(185))
    assert item(over, About.RESOLVED, URL, openings=flapping.TIMES).evidence == ""


def test_a_recovery_says_how_long_it_took_and_asks_for_nothing() -> None:
    message = resolved()
    one = message.only
    assert one is not None
    assert (message.title, message.over) == ("Resolved after 3 min: What.", True)
    assert (one.duration_s, one.recommendation, one.runbook) == (185.0, "", "")
    assert one.fields == {"Lasted": "3 min"}, "no other time, and no figure that is so no more"
    began = replace(alert(state=State.RESOLVED), resolved_at=at(185), since=at(-3600))
    assert item(began, About.RESOLVED, URL).duration_s == 3785.0, "from when it was wrong, not from when it was told"
    often = item(replace(began, came=2), About.RESOLVED, URL)
    assert (often.title, often.duration_s) == ("Resolved, wrong on and off for 1 h: What.", 3785.0)
    assert item(replace(began, came=2), About.WORSENED, URL).title == "Worse: What."


def test_what_else_is_told_says_so() -> None:
    titles = [item(alert(), about, URL).title for about in (About.WORSENED, About.REOPENED, About.ESCALATED)]
    assert titles == ["Worse: What.", "Still wrong: What.", "Nobody has acknowledged: What."]


def test_many_are_one_message_the_gravest_first() -> None:
    items = [item(alert(severity=Severity.WARNING, key=f"w{n}"), About.OPENED, URL) for n in range(40)]
    over = replace(alert(key="r", state=State.RESOLVED), resolved_at=at(9))
    items += [item(over, About.RESOLVED, URL), item(alert(key="c"), About.OPENED, URL)]
    message = gathered("m", items, URL)
    assert message.title == "42 alerts (41 open, 1 resolved): What."
    assert (message.severity, message.count, len(message.items), message.only) == ("critical", 42, LISTED, None)
    assert (message.items[0].severity, message.link) == ("critical", f"{URL}/alerts")
    assert gathered("m", items[40:41] + items[40:41], URL).only is not None


def test_of_one_that_ended_while_messages_were_kept_its_end_is_told() -> None:
    over = replace(alert(state=State.RESOLVED), resolved_at=at(9))
    both = [item(over, About.RESOLVED, URL), item(alert(), About.OPENED, URL)]
    for items in (both, both[::-1]):
        message = gathered("m", items, URL)
        assert (message.count, message.over) == (1, True)


def test_only_good_news_is_good_news() -> None:
    two = [*resolved("a").items, *resolved("b").items]
    assert gathered("m", two, URL).title == "2 alerts (2 resolved): Resolved after 3 min: What."
    assert gathered("m", two, URL).over
    assert not Message("m", "t", "info", text="a summary").over


def test_it_belongs_to_the_traces_of_what_it_tells() -> None:
    told = item(alert(), About.OPENED, URL)
    one, other = (replace(told, alert_id=str(n), traceparent=f"00-{n}") for n in (1, 2))
    message = gathered("m", [one, other, replace(told, alert_id="3", traceparent="")], URL)
    assert message.traceparents == ["00-1", "00-2", ""]
    assert [ids.traceparent for ids in message.ids] == ["00-1", "00-2"]


def test_it_comes_back_from_the_database_as_it_was() -> None:
    message = gathered("m", [item(alert(), About.OPENED, URL)], URL)
    assert Message.from_json(message.to_json()) == message
    unknown = item(replace(alert(), finding=None), About.OPENED, URL)
    assert unknown.fields == {}


def test_a_place_in_the_source_that_an_engine_of_before_wrote_is_no_link() -> None:
    told = gathered("m", [item(alert(), About.OPENED, URL)], URL).to_json()
    told["items"][0]["runbook"] = "docs/runbooks/x.md"
    assert Message.from_json(told).items[0].runbook == ""
    without = item(replace(alert(), runbook=""), About.OPENED, URL)
    assert without.runbook == ""


def test_figures_are_fields() -> None:
    assert fields(letters(40, recent=12)) == {"Count": "40", "Rate": "12 within 5 min", "For": "1 min"}
    often = Finding(Kind.FAILING_OFTEN, {"count": 31, "all": 50, "share": "62 %"})
    assert fields(often) == {"Count": "31", "Rate": "62 %"}
    assert fields(finding(Kind.COMMANDS_REFUSED)) == {"Reason": "<reason>"}
    assert fields(Finding(Kind.COMMANDS_REFUSED, {"reason": ""})) == {}


def test_versions_that_run_side_by_side_read_each_others_messages() -> None:
    traced = replace(alert(), traceparent=f"00-{'ab' * 16}-{'cd' * 8}-01")
    with_trace = gathered("m", [item(traced, About.OPENED, URL, trace_url="http://traces/{trace}")], URL)
    assert Message.from_json(with_trace.to_json()) == with_trace

    told = gathered("m", [item(alert(), About.OPENED, URL)], URL).to_json()
    assert not {"trace", "traceparent"} & told["items"][0].keys(), "an engine of before would not know them"
    later = {**told, "items": [{**told["items"][0], "mood": "grim"}]}
    assert Message.from_json(later) == Message.from_json(told)


def test_what_follows_from_it_is_its_evidence_and_the_first_of_it_is_shown() -> None:
    many = tuple(finding(kind) for kind in sorted(Kind)[:7])
    one = item(replace(alert(), follows=many), About.OPENED, URL)
    assert len(one.consequences) == 7
    assert one.evidence.startswith("Evidence. It shows in this, too: ")
    assert one.evidence.endswith("and 2 more")
    message = gathered("m", [one], URL)
    assert Message.from_json(message.to_json()) == message
    assert "consequences" not in gathered("m", [item(alert(), About.OPENED, URL)], URL).to_json()["items"][0]


def test_what_a_title_says_is_wrong_is_known_without_why_it_was_sent() -> None:
    for language in (ENGLISH, speech("pt_BR")):
        what = in_words(alert(), language)[0]
        for about in TELLS:
            assert without_about(about, item(alert(), about, URL, language).title, language) == what
