"""The words of findings on what no process of this system wrote as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.kinds import Kind
from gateway.verdict.words.say import Words

WORDS: Final[Mapping[Kind, Words]] = {
    Kind.RECORDS_FORGED: Words(
        (
            "%(count)s record in the log is not believed: no process of this system has written it as it is.",
            "%(count)s records in the log are not believed: no process of this system has written them as they are.",
        ),
        "Nothing follows from this; the first came %(age)s ago.",
        "Find who can write to the broker, then discard the letters: `marketplace letters list`.",
    ),
    Kind.EVENTS_CHANGED: Words(
        (
            "%(count)s event in the outbox is not as it was decided, and is not sent.",
            "%(count)s events in the outbox are not as they were decided, and are not sent.",
        ),
        "The seal does not fit: somebody wrote to the database, or a process decides without the key. Later events of"
        " the same stream wait behind.",
        "Find who wrote to decide.outbox, and give every process MARKETPLACE_SIGNING_KEYS_FILE; `marketplace outbox"
        " show %(first)s` shows the first. The runbook says how to take it out.",
    ),
}
