"""Numbers in what people, auditors and receivers of webhooks read are those of the code."""

from __future__ import annotations

import re

from gateway.access import links, sign_ins, teams
from gateway.alerts.history import LOOK_S
from gateway.alerts.notifiers import base
from gateway.alerts.notifiers.base import HTTP_S, LATER
from gateway.alerts.sender import DEADLINE_S
from gateway.alerts.webhooks import queue
from gateway.alerts.webhooks.endpoint import REFUSALS
from gateway.alerts.webhooks.telling import LANES, TRIES
from gateway.audit.reading import SAME_S
from gateway.audit.sealing import IDLE_S
from gateway.exports import downloads
from gateway.live.places import MOST_MISSED
from gateway.operations import system_changes, webhooks
from gateway.operations.housekeeping import TABLES
from gateway.routes.events import LIFETIME_S
from gateway.shapes.webhooks import LEAST_SECRET, WebhookWanted
from gateway.webhooks.types import WINDOW
from local.state import ROOT
from projections.reads.search import LOOKED_AT, LOOKED_BACK
from schemas.audit import ACTIONS, KEPT_DAYS, LEAST_DAYS, MOST_GIVEN
from schemas.slo import BURNS, DAYS, LIMITS, OBJECTIVE, OBJECTIVES, WINDOWS, Kind, Measure
from tests.contract.docs_text import NUMBERS, text_of
from tests.support.doc_tables import rows


def kept(table: str) -> str:
    """Return the conditions for deletion from a table."""
    return "; ".join(one.old for one in TABLES if one.table == table)


def test_webhooks_tell_when_a_try_comes_again() -> None:
    told = text_of("docs/webhooks.md")
    assert f"any 2xx within {HTTP_S:g} s, as soon as" in told
    assert f"Up to {LANES} plans are sent at the same time" in told
    waits = [_span(seconds) for seconds in TRIES.again_s]
    assert f"is repeated after {', '.join(waits[:-1])} and {waits[-1]}, or later if you send" in told
    assert f"After {NUMBERS[len(waits) + 1]} tries the event is given up" in told
    assert f"with {NUMBERS[len(waits) + 1]} tries each" in told
    later = ", ".join(f"`{status}`" for status in sorted(queue.LATER))
    assert f"| {later}, `5xx` |" in told
    assert queue.LATER > LATER
    assert f"any other `4xx` | the event is given up after {NUMBERS[REFUSALS]} of them" in told


def test_live_events_tell_what_is_missed() -> None:
    told = text_of("docs/webhooks.md")
    assert f"first if it missed more than {MOST_MISSED:,} records" in told
    assert f"ends after {LIFETIME_S / 60:g} minutes, and the client connects again" in told
    assert f"on which it hears that something has changed, ends within {system_changes.LOOK_S:g} seconds" in text_of(
        "docs/people.md"
    )


def test_a_webhooks_secret_and_log_are_as_told() -> None:
    told = text_of("docs/webhooks.md")
    longest = WebhookWanted.model_json_schema()["properties"]["secret"]
    [most] = {one["maxLength"] for one in longest.get("anyOf", [longest]) if "maxLength" in one}
    assert f"(`secret`, {LEAST_SECRET} to {most} characters)" in told
    assert "its deliveries of the last 30 days" in told
    assert "'30 days'" in kept("flow.webhook_delivery")


def test_the_limits_of_webhooks_are_as_told() -> None:
    told = dict(rows("webhooks.md", "what", "how much"))
    assert told["webhooks"] == str(webhooks.MOST)
    assert told["deliveries that wait in the queue of a webhook; the history keeps the others"] == f"{WINDOW:,}"
    assert told["tries at the same time"] == f"{LANES} for each"
    assert told["one try, with the look-up of its host"] == f"{DEADLINE_S:g} s"
    read = f"{base._READ / 1024:g} KiB are read, {base._SHOWN} characters are stored"
    assert told["an answer"] == read
    assert f"its queue is full ({WINDOW:,}; the history keeps the rest)" in text_of("docs/runbooks/alerts.md")


def test_the_audit_tells_its_limits() -> None:
    told = text_of("docs/audit.md")
    assert f"Up to {downloads.MOST:,} rows that fit a filter" in told
    assert f"Within {NUMBERS[int(IDLE_S)]} seconds a gateway links each entry" in told
    assert f"`MARKETPLACE_AUDIT_DAYS` ({KEPT_DAYS}, at least {LEAST_DAYS})" in told
    assert f"gets one entry in {NUMBERS[int(SAME_S / 60)]} minutes" in told
    assert f"up to {MOST_GIVEN:,} characters are kept" in told
    assert "retried are kept for 90 days" in told
    assert "'90 days'" in kept("flow.job_attempt")


def test_the_audit_tells_which_tables_are_downloaded() -> None:
    told = {
        "export.plans": "plans",
        "export.tasks": "tasks",
        "export.attempts": "attempts",
        "export.proposals": "proposals of a plan",
        "export.events": "events of a plan",
        "export.figures": "figures of a plan",
        "export.costs": "products without costs",
        "export.slo": "objectives of a month",
        "export.audit": "the audit itself",
    }
    assert told.keys() == {action for action in ACTIONS if action.startswith("export.")}
    assert f"every download of a table ({', '.join(told.values())})" in text_of("docs/audit.md")


def test_a_link_lasts_as_told() -> None:
    assert f"within `--minutes` ({links.MINUTES}, at most a day)" in text_of("docs/audit.md")
    assert links.MOST_MINUTES == 24 * 60
    assert f"signs a browser in once, within {links.MINUTES} minutes (`--minutes`)" in text_of("docs/people.md")


def test_people_are_told_how_long_a_sign_in_lasts_and_how_many_plans_move() -> None:
    told = text_of("docs/people.md")
    assert f"an open sign-in also lasts up to {sign_ins.LIFETIME_S / 3600:g} hours" in told
    assert f"within {NUMBERS[int(sign_ins.REMEMBER_S)]} seconds in the others" in told
    assert f"Up to {teams.AT_ONCE:,} move together, or none of them" in told


def test_objectives_tell_from_how_many_on_they_are_judged() -> None:
    told = text_of("docs/slo.md")
    least = {one.name: one.least for one in OBJECTIVES}
    assert least["detection"] == least["recovery"]
    assert (
        f"{least['phase1']} for `phase1`, {least['queue']:,} for `queue`, {least['detection']} for `detection` and"
        f" `recovery`, {least['availability']:,} seconds for `availability`." in told
    )
    assert f"Less than {least['availability']:,} seconds are too few to judge" in told
    phase1 = OBJECTIVE["phase1"]
    assert (
        f"of 1,000 approvals, {1000 * phase1.budget:.0f} may take longer than {LIMITS[Measure.PHASE1] / 1000:g} s"
        in told
    )
    assert f"counted over {DAYS} days: the current clock hour and the {WINDOWS['30d']} before it" in told
    [uptime] = [one for one in OBJECTIVES if one.kind is Kind.UPTIME]
    assert f"The budget is time: {DAYS * 24 * 60 * uptime.budget:.0f} minutes in {DAYS} days" in told


def test_objectives_tell_when_a_budget_burns_too_fast() -> None:
    told = text_of("docs/slo.md")
    spans = [f"{burn.hours} h" if burn.hours < 24 else f"{burn.hours // 24} d" for burn in BURNS]
    rates = [f"{burn.rate:g} over {span}" for burn, span in zip(BURNS, spans, strict=True)]
    assert f"where a rate is above {', '.join(rates[:-1])}, or {rates[-1]}," in told
    still = [
        f"{burn.still_s // 60} minutes" if burn.still_s < 3600 else f"{burn.still_s // 3600} hours" for burn in BURNS
    ]
    assert f"the last miss came within {', '.join(still[:-1])}, or {still[-1]}:" in told
    assert f"Each look counts for the time since the one before it, up to {LOOK_S:g} s" in told


def test_what_charts_keep_is_as_told() -> None:
    told = text_of("docs/slo.md")
    assert "a row for each minute (kept for 30 days) and for each hour (two years)" in told
    assert "'minute' and at < now() - interval '30 days'" in kept("flow.marketplace_metrics")
    assert "'hour' and at < now() - interval '2 years'" in kept("flow.marketplace_metrics")


def test_design_tells_what_the_style_sheets_have() -> None:
    told = text_of("docs/design.md")
    sheets = "\n".join(one.read_text("utf-8") for one in sorted((ROOT / "gateway/ui/static").glob("*.css")))
    steps: dict[str, str] = {}
    for name, size in re.findall(r"(--s\d):\s*([\d.]+)rem", sheets):
        steps.setdefault(name, size)  # compact has its own two after them
    listed = re.search(r"Steps of a quarter rem: ([^;]*?)\. Within", told)
    assert listed is not None
    assert dict(re.findall(r"`(--s\d)` ([\d.]+)", listed[1])) == {
        name: f"{float(size):g}" for name, size in steps.items()
    }
    for name in ("--medium", "--strong", "--heavy"):
        [weight] = set(re.findall(rf"{name}:\s*(\d+)", sheets))
        assert f"`{name}` ({weight})" in told
    old = re.search(r"const OLD = (\d+)", (ROOT / "gateway/ui/static/verdict.js").read_text("utf-8"))
    assert old is not None
    assert f"What has not been confirmed for {int(old[1]) / 1000:g} s is grey" in told
    assert f"among the newest {LOOKED_AT:,} plans and {LOOKED_BACK:,} tasks of each state" in told


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} s"
    return f"{seconds / 60:g} min" if seconds < 3600 else f"{seconds / 3600:g} h"
