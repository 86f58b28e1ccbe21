"""Each kind of finding in words. The one wording of API, command line and pages: the pages translate it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.words.business import WORDS as BUSINESS
from gateway.verdict.words.failing import WORDS as FAILING
from gateway.verdict.words.filling import WORDS as FILLING
from gateway.verdict.words.forged import WORDS as FORGED
from gateway.verdict.words.late import WORDS as LATE
from gateway.verdict.words.say import Said, Words, fill
from gateway.verdict.words.speech import ENGLISH, Speech
from gateway.verdict.words.told import WORDS as TOLD

_DEADLINE: Final = ("Its deadline was %(age)s ago.", "The oldest deadline was %(age)s ago.")
_KEPT: Final = "Nothing is lost: what waits goes out in order."

WORDS: Final[Mapping[Kind, Words]] = {
    Kind.DATABASE_AWAY: Words(
        "The database does not answer.",
        "Nothing can be read or decided until it does. Workers wait for it; nothing is lost.",
        "See whether PostgreSQL runs, hangs or is full: its process, log and disk.",
    ),
    Kind.DATABASE_HANGS: Words(
        "The database does not answer.",
        "It takes connections and hangs: nothing can be read or decided until it answers. Nothing is lost. %(asked)s",
        "Look for a lock that somebody holds (pg_stat_activity), then at the database's disk and load.",
    ),
    Kind.COMMANDS_REFUSED: Words(
        "The database can be read, but does not store commands.",
        "Whoever asks is told to ask again; nothing is lost. What was said: %(reason)s.",
        "Look at the database's disk and log.",
    ),
    Kind.SESSIONS_ENDED: Words(
        (
            "%(count)s session of the database was ended from outside.",
            "%(count)s sessions of the database were ended from outside.",
        ),
        "Within %(within)s, by an administrator, a proxy or a failover. Who lost one connects again; nothing is lost.",
        "See who ended them: the database's log has a line for each, “terminating connection due to administrator"
        " command”.",
    ),
    Kind.CLOCKS_OFF: Words(
        (
            "%(count)s clock is off: the %(role)s %(pid)s on %(host)s is %(off)s %(way)s the database.",
            "%(count)s clocks are off: the %(role)s %(pid)s on %(host)s is %(off)s %(way)s the database.",
        ),
        "Times that they measure are wrong, and with them objectives. Nothing is lost, and nothing waits for it.",
        "Set the clock by NTP on that host. If all processes are named it is the database's that is off.",
    ),
    Kind.LOG_CUT: Words(
        (
            "The log had lost %(count)s record at its end when the broker came back.",
            "The log had lost %(count)s records at its end when the broker came back.",
        ),
        "It was found %(age)s ago. What was lost was sent again from the outbox, and the read models went back to where"
        " the log ended.",
        "`marketplace verify` says whether all is there. See why the broker lost it: power, disk, too few copies.",
    ),
    Kind.BROKER_AWAY: Words(
        "The broker is away.",
        "It has not answered for %(age)s. Commands are taken and kept, Phase 1 is made without it. What was said:"
        " %(reason)s.",
        "It comes back by itself where a supervisor starts it. If it stays away, `marketplace logs broker` says why."
        " Everything that waits goes out in order then.",
    ),
    Kind.REGISTRY_AWAY: Words(
        "The schema registry is away.",
        "It has given no answer for %(age)s. What runs goes on with the schemas that it knows; a process that starts"
        " waits for it. What was said: %(reason)s.",
        "Restart and deploy nothing. Bring the registry back: `marketplace check cluster` says whether it fits then.",
    ),
    Kind.RELAY_FAILING: Words(
        "Nothing could be published for %(age)s: the broker or the schema registry does not answer.",
        "Commands are taken and wait in the outbox.",
        "Look at the broker and the registry; everything that waits goes out in order then.",
    ),
    Kind.PLANS_ESCALATED: Words(
        (
            "%(count)s plan is stalled: %(cause)s. Automatic recovery has not helped: a person must look.",
            "%(count)s plans are stalled: %(cause)s. Automatic recovery has not helped: a person must look.",
        ),
        _DEADLINE,
        "%(cause_advice)s `marketplace recoveries` shows what was seen and tried; `marketplace recover --stalled` tries"
        " again.",
    ),
    **FORGED,
    Kind.EVENTS_SET_ASIDE: Words(
        (
            "%(count)s event is set aside: its stream waits behind it.",
            "%(count)s events are set aside: their streams wait behind them.",
        ),
        "What does not fit its schema cannot be published.",
        "The page Events set aside and `marketplace outbox list` say what is wrong. Mend the first there, or with"
        " `marketplace outbox edit %(first)s`: it goes out by itself then.",
    ),
    Kind.RELAY_OFF: Words(
        "No broker is configured.",
        "Commands are taken and wait in the outbox.",
        "Set MARKETPLACE_BROKERS and MARKETPLACE_REGISTRY_URL.",
    ),
    Kind.WATCHDOG_MISSING: Words(
        "No watchdog runs: nobody sees what is stalled.",
        "What stalls is neither recovered nor told until one runs.",
        "Its supervisor starts it again within seconds. If it stays away: `marketplace logs watchdog` says why,"
        " `marketplace up` starts one.",
    ),
    Kind.ALERTS_MISSING: Words(
        "No alert engine works: nobody outside is told of what is wrong.",
        "What is wrong is on the pages, in the API and in the command line all the same.",
        "Its supervisor starts it again within seconds. If it stays away: `marketplace logs alerts` says why,"
        " `marketplace up` starts one.",
    ),
    Kind.ROLE_MISSING: Words(
        "No %(role)s runs: %(role_missing)s.",
        "What it would do waits; nothing is lost.",
        "Its supervisor starts it again within seconds. If it stays away: `marketplace logs %(role_id)s` says why,"
        " `marketplace up` starts one.",
    ),
    Kind.PROCESS_SILENT: Words(
        "The %(role)s %(pid)s on %(host)s has said nothing for %(age)s.",
        "It keeps its connection and writes no heartbeat: what it reads waits.",
        "It is ended and started again by itself where its supervisor can. In a container, restart it.",
    ),
    Kind.PROCESS_DEAF: Words(
        "The %(role)s %(pid)s on %(host)s lives and handles nothing.",
        "The watchdog has told it to end: %(reason)s.",
        "It starts again by itself where its supervisor can. If it stays so, `marketplace logs %(role_id)s` says more.",
    ),
    Kind.PROCESS_GONE: Words(
        (
            "%(count)s process is gone: the %(role)s %(pid)s on %(host)s.",
            "%(count)s processes are gone, the last one the %(role)s %(pid)s on %(host)s.",
        ),
        "It has not said that it ends; another one of its kind takes over its work.",
        "Its supervisor starts it again. If it does not: `marketplace logs %(role_id)s` says why it ended.",
    ),
    Kind.PLANS_STALLED: Words(
        ("%(count)s plan is stalled: %(cause)s.", "%(count)s plans are stalled: %(cause)s."),
        _DEADLINE,
        "%(cause_recovers)s %(cause_advice)s",
    ),
    Kind.LOCK_KEPT: Words(
        (
            "%(count)s session of the database waits for a lock, for %(age)s.",
            "%(count)s sessions of the database wait for a lock, the longest for %(age)s.",
        ),
        "The session %(pid)s (%(name)s) holds it, in a transaction that is open for %(open)s at least.",
        "If it is a forgotten one: `select pg_terminate_backend(%(pid)s)` ends it, and takes back what it did.",
    ),
    Kind.POOL_FULL: Words(
        "All connections of a gateway to the database have been taken for %(age)s.",
        "Who asks waits, and is told after some seconds to ask again; nothing that was accepted is lost.",
        "Look at what takes them: slow queries, a lock, or many requests. If it comes often, raise"
        " MARKETPLACE_POOL_SIZE, or start another gateway.",
    ),
    Kind.TRANSACTION_OPEN: Words(
        (
            "%(count)s transaction of the database is open, for %(age)s.",
            "%(count)s transactions of the database are open for long, the oldest for %(age)s.",
        ),
        "The session %(pid)s (%(name)s, user %(user)s) keeps it open: what was deleted since it began stays, and the"
        " database grows.",
        "If it is a forgotten one: `select pg_terminate_backend(%(pid)s)` ends it, and takes back what it did.",
    ),
    Kind.FLAG_OFF: Words(
        "%(flag)s is switched off by %(by)s.",
        "%(flag_meaning)s Why: %(reason)s.",
        "`marketplace flags on %(name)s` switches it on.",
    ),
    Kind.BREAKER_TRIPPED: Words(
        "The circuit breaker %(name)s is open %(until)s: %(reason)s.",
        "A person opened it: plans wait for it past their deadlines.",
        "`marketplace breaker reset %(name)s` lets them go on at once.",
    ),
    Kind.BREAKER_OPEN: Words(
        "The circuit breaker %(name)s is open %(until)s: %(reason)s.",
        "Its work waits and goes on by itself, until 10 s after a plan's deadline: then the plan goes on without what"
        " is missing.",
        "Look at the provider's status page. `marketplace breaker reset %(name)s` tries at once.",
    ),
    Kind.BREAKER_PROBING: Words(
        "The circuit breaker %(name)s tries again: %(reason)s.",
        "One call is under way: how it ends closes the breaker, or opens it again.",
        "Nothing is to be done: the work goes on by itself.",
    ),
    **LATE,
    Kind.OUTBOX_BACKLOG: Words(
        (
            "%(count)s command waits in the outbox, for %(age)s.",
            "%(count)s commands wait in the outbox, the oldest for %(age)s.",
        ),
        _KEPT,
        "If the age grows, look at the broker and at the gateway's log: `marketplace logs gateway`.",
    ),
    Kind.PROJECTIONS_BEHIND: Words(
        (
            "What is shown is behind by %(count)s event, published %(age)s ago.",
            "What is shown is behind by %(count)s events, the oldest published %(age)s ago.",
        ),
        "Work goes on. The read models catch up by themselves.",
        "If the age grows, look at the projections: `marketplace logs projections`.",
    ),
    Kind.CHANGES_UNHEARD: Words(
        "This gateway has heard of no changes for %(age)s.",
        "Pages that are open stay as they are until they are loaded anew.",
        "It connects again by itself. If it does not, look at its log: `marketplace logs gateway`.",
    ),
    Kind.NOTIFIER_FAILING: Words(
        "The notifier %(name)s sends nothing %(until)s: %(reason)s.",
        "Its messages go to the one that stands in for it, or wait.",
        "See whether its address and its key are right. `marketplace alerts test %(name)s` tries it.",
    ),
    Kind.WEBHOOK_FAILING: Words(
        "The webhook %(name)s %(how)s: %(reason)s.",
        "What is not given up waits, in the order of its plan. Nothing else waits for it.",
        "Whoever runs the receiver has to mend it. The page Webhooks shows each try, sends again, and ends a pause.",
    ),
    **FILLING,
    **FAILING,
    Kind.AGENT_BUDGET: Words(
        "%(share)s of this month's budget for agents is spent.",
        "The budget is %(budget)s (MARKETPLACE_AGENT_BUDGET). The rules analyse before it would be passed.",
        "Raise the budget, or let the rules analyse until the month is over.",
    ),
    Kind.SLO_BURNING: Words(
        "The error budget of “%(objective)s” goes %(times)s times as fast as it may.",
        (
            "%(count)s of %(all)s %(unit)s within %(within)s was not as promised.",
            "%(count)s of %(all)s %(unit)s within %(within)s were not as promised.",
        ),
        "`marketplace slo` and the page Objectives show since when, and which plans it hit; what is wrong now is among"
        " the other findings.",
    ),
    Kind.DEAD_LETTERS_GROWING: Words(
        (
            "%(count)s dead letter waits for a decision, %(recent)s of them came within the last %(within)s.",
            "%(count)s dead letters wait for a decision, %(recent)s of them came within the last %(within)s.",
        ),
        "The latest came %(latest)s ago, the oldest %(age)s ago.%(blocked)s",
        "Mend the cause before anything is replayed: `marketplace letters groups` shows the causes, and whether more"
        " come. Discard what nobody can mend.",
    ),
    Kind.DEAD_LETTERS: Words(
        (
            "%(count)s dead letter waits for a decision, for %(age)s.",
            "%(count)s dead letters wait for a decision, the oldest for %(age)s.",
        ),
        "Everything else goes on.%(blocked)s",
        "`marketplace letters groups` shows the causes: replay what is mended, discard the rest.",
    ),
    Kind.RETRIES_OVERDUE: Words(
        (
            "%(count)s record waits for another attempt, and its turn came %(age)s ago.",
            "%(count)s records wait for another attempt, and the turn of the first came %(age)s ago.",
        ),
        "The pump takes what is due within moments, unless it is away or has much to do.",
        "Look at the pump: `marketplace logs pump`. `marketplace retries list` shows what waits.",
    ),
    Kind.RETRIES_WAITING: Words(
        ("%(count)s record waits for another attempt.", "%(count)s records wait for another attempt."),
        "What failed in passing is tried again by itself.",
        "`marketplace retries list` shows why it failed; `marketplace retries now` does not wait.",
    ),
    **BUSINESS,
    **TOLD,
    Kind.RECORDS_UNSIGNED: Words(
        "Who reaches the broker can write events that are believed (signatures: %(mode)s).",
        "Events have to fit their place, and need no signature.",
        "Give every process MARKETPLACE_SIGNING_KEYS_FILE; docs/configuration.md shows how.",
    ),
    Kind.SECRETS_PLAIN: Words(
        "Secrets of webhooks stand in the database without encryption: %(count)s.",
        "Whoever reads the database or a backup can sign as this system does.",
        "Give gateway and alert engine MARKETPLACE_SECRET_KEYS_FILE: what is there is encrypted within a minute;"
        " docs/configuration.md shows how.",
    ),
    Kind.READER_UNCONFINED: Words(
        "This machine does not grant all that confines the reading of documents: %(missing)s.",
        "What it grants holds: memory, time, files and environment are limited.",
        "Let the gateway make namespaces, Landlock rules and system call filters, or run it where a kernel does;"
        " docs/security.md says what they are for.",
    ),
}


def say(finding: Finding, speech: Speech = ENGLISH) -> Said:
    """Say a finding."""
    return fill(WORDS[finding.kind], finding.traits.values, finding.values, speech)
