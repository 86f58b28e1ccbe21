"""The limits in the table of findings (docs/resilience.md) are those by which the verdict judges."""

from __future__ import annotations

import pytest

from gateway.verdict import judge
from gateway.verdict.disks import FILLING, FULL
from gateway.verdict.failing import ANALYSES, PHASE1, REQUESTS, TASKS, UNUSABLE_LEAST, UNUSABLE_SHARE, Limit
from gateway.verdict.kinds import Kind
from gateway.verdict.probe import PROBE_S
from gateway.verdict.reading import LOOK_S, READ_S, REFUSED_S
from gateway.verdict.snapshot import SESSIONS_WITHIN_S
from projections.reads.answers import LAST
from projections.reads.ended import LATELY_S
from projections.reads.overview import DECISION_DUE_S, LOG_CUT_S, RECENT_S
from projections.reads.processes import GONE_S, REPLACED_S, SILENT_S
from projections.reads.sessions import LOCK_S, TRANSACTION_DUE_S
from schemas.process.liveness import CLOCK_S
from schemas.retention import OUTBOX_HOURS
from streams.watchdog.registry import SILENT_S as REGISTRY_S
from tests.contract.docs_text import NUMBERS, text_of
from tests.support.doc_tables import names, rows

SHARES = {0.5: "half or more", 0.2: "a fifth or more", 0.05: "5 % or more"}
TIMES = {1.0: "a second", 3600: "the last hour"}


def room(limit: tuple[float, float]) -> str:
    share, size = limit
    return f"less than {100 * share:g} % and less than {size / 2**30:g} GiB"


def failing(limit: Limit) -> tuple[str, str, str]:
    return f"within {limit.within_s / 60:g} minutes", SHARES[limit.share], f"at least {limit.least}"


SAID: dict[Kind, tuple[str, ...]] = {
    Kind.DATABASE_AWAY: (f"within {PROBE_S:g} s",),
    Kind.DATABASE_HANGS: (f"within {READ_S:g} s", f"all of them within {LOOK_S:g} s"),
    Kind.DISK_FULL: (room(FULL),),
    Kind.DISK_FILLING: (room(FILLING),),
    Kind.DATABASE_DISK_FULL: (f"within the last {REFUSED_S:g} s",),
    Kind.COMMANDS_REFUSED: (f"within the last {REFUSED_S:g} s",),
    Kind.REGISTRY_AWAY: (f"for {REGISTRY_S:g} s or more",),
    Kind.PROCESS_SILENT: (f"for {SILENT_S:g} s",),
    Kind.PROCESS_GONE: (f"within the last {GONE_S:g} s", f"; {REPLACED_S:g} s if a new one has started"),
    Kind.LOCK_KEPT: (f"for more than {TIMES[LOCK_S]}",),
    Kind.POOL_FULL: (f"for more than {TIMES[judge.POOL_LATE_S]}",),
    Kind.PHASE1_LATE: (f"for more than {judge.PHASE1_LATE_S:g} s",),
    Kind.RECORDS_LATE: (f"for more than {judge.RECORDS_LATE_S:g} s",),
    Kind.ANALYSIS_LATE: (f"more than {judge.ANALYSIS_LATE_S:g} s",),
    Kind.OUTBOX_BACKLOG: (f"for more than {judge.OUTBOX_LATE_S:g} s",),
    Kind.PROJECTIONS_BEHIND: (f"for more than {judge.PROJECTION_LATE_S:g} s",),
    Kind.CHANGES_UNHEARD: (f"for more than {judge.UNHEARD_S:g} s",),
    Kind.SESSIONS_ENDED: (f"{NUMBERS[judge.ENDED]} or more sessions", f"within {SESSIONS_WITHIN_S:g} s"),
    Kind.LOG_CUT: (f"within {TIMES[LOG_CUT_S]}",),
    Kind.TRANSACTION_OPEN: (f"({TRANSACTION_DUE_S:g} s)",),
    Kind.CLOCKS_OFF: (f"by {CLOCK_S:g} s or more",),
    Kind.DATABASE_FILLING: (f"{100 * judge.NEARLY:g} % or more",),
    Kind.AGENT_BUDGET: (f"{100 * judge.NEARLY:g} % or more",),
    Kind.AGENT_UNUSABLE: (
        f"last {LAST} answers",
        f"within {LATELY_S / 60:g} minutes",
        SHARES[UNUSABLE_SHARE],
        f"at least {UNUSABLE_LEAST}",
    ),
    Kind.FAILING_OFTEN: failing(ANALYSES),
    Kind.PHASE1_FAILING: failing(PHASE1),
    Kind.TASKS_FAILING: failing(TASKS),
    Kind.REQUESTS_FAILING: failing(REQUESTS),
    Kind.DEAD_LETTERS_GROWING: (f"{judge.GROWING} or more came within {RECENT_S / 60:g} minutes",),
    Kind.RETRIES_OVERDUE: (f"more than {judge.RETRY_OVERDUE_S:g} s ago",),
    Kind.DECISIONS_LATE: (f"({DECISION_DUE_S / 3600:g} h)",),
}


@pytest.mark.parametrize("kind", SAID, ids=str)
def test_a_finding_has_the_limits_that_are_told(kind: Kind) -> None:
    table = rows("resilience.md", "kind", "effect", "severity", "found where")
    [told] = [where for kinds, _, _, where in table if names(kinds) == [kind]]
    assert [phrase for phrase in SAID[kind] if phrase not in told] == []


def test_for_how_long_the_outbox_keeps_events_is_as_told() -> None:
    told = text_of("docs/reliability.md")
    assert f"keeps what was published for {OUTBOX_HOURS} hours" in told
    assert f"except what the outbox has of the last {OUTBOX_HOURS} hours" in told
