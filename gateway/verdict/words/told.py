"""The words of findings on whether people are told of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.kinds import Kind
from gateway.verdict.words.say import Words

WORDS: Final[Mapping[Kind, Words]] = {
    Kind.ALERTS_UNHEARD: Words(
        (
            "Critical alerts of %(count)s kind come to nobody: no route takes them, and nothing is escalated.",
            "Critical alerts of %(count)s kinds come to nobody: no route takes them, and nothing is escalated.",
        ),
        ("It is: %(kinds)s.", "They are: %(kinds)s."),
        "Put a route that takes them into the file MARKETPLACE_ALERT_ROUTES, such as `[[route]]` with"
        ' `to = ["%(name)s"]` and `severities = ["critical"]`, or name somebody in its `[escalation]`; then start the'
        " alert engine again.",
    ),
    Kind.ALERTS_UNTOLD: Words(
        "Nobody outside is told of alerts: no notifier is configured.",
        "They are on the page Alerts, in the API and in the command line.",
        "Set SLACK_WEBHOOK_URL, SMTP_HOST or another way out for the alert engine; docs/alerts.md shows how.",
    ),
    Kind.ALERTS_ALONE: Words(
        "Nobody else is told when no one acknowledges an alert: %(name)s is the only way out.",
        "A critical alert is sent to the next notifier after a while, and there is none.",
        "Give the alert engine a second one, such as SMTP_HOST or PAGERDUTY_KEY; docs/alerts.md shows how.",
    ),
}
