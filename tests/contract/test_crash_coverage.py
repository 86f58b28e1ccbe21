"""Every effect that cannot be undone lies between two crash points, and each point has its crash in the scenario."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.alerts.test_crashes import CRASHES
from tests.scenarios.crash_rounds import OF_AIOKAFKA, POINTS

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "streams", "projections")
#: What makes something final: a call of this shape, as it stands in the source.
EFFECTS = re.compile(
    r"\.publish\(|consumer\.commit\(|super\(\)\._commit_offsets\(|\.ack\(\)|gather\(\*acks\)|set published_at"
    r"|select decide\.|select flow\.|connection\.transaction\(\)|audited\(request\)|self\._outside\(|await .*\(sending"
    r"|queue\.(?:sent|again|ended|put_off)\(|notifier\.send\(|fetchval\(_PUT|_kept\.write\("
)
#: Where there are such effects. Other modules have none of these shapes, which a test below holds them to.
MODULES = (
    "gateway/outbox/relay.py",
    "gateway/commands/commands.py",
    "streams/guard/guard.py",
    "streams/broker/publisher.py",
    "streams/pump.py",
    "streams/hosts/lane_host.py",
    "streams/hosts/faust_commit.py",
    "streams/hosts/plain_host.py",
    "streams/analysis/work.py",
    "streams/analysis/results.py",
    "streams/analysis/again.py",
    "streams/analysis/comparing.py",
    "streams/watchdog/care.py",
    "projections/run/writer.py",
    "projections/dead_letters/burial.py",
    "gateway/alerts/webhooks/taking.py",
    "gateway/alerts/sender.py",
    "gateway/alerts/summaries.py",
    "gateway/alerts/memory_queue.py",
    "gateway/alerts/engine.py",
)
#: Why most of what people ask for has no points: what the statement does, outbox and trace of who did it included,
#: stands or falls with it, and nothing of this process follows but a hint to the relay, which looks by itself, too.
ONE_STATEMENT = "one statement of a person's command, which is answered after it; asked again, it says what is so"
ONE_TRANSACTION = "one transaction of a person's command, which is answered after it"
#: Functions without points, and why.
WITHOUT = {
    ("streams/pump.py", "_send_overdue"): "copies of what is in the index anyway: sent again when it is overdue again",
    ("streams/analysis/work.py", "_send_current"): "a copy of what is in the index anyway, sent before nothing else",
    ("projections/run/connections.py", "_commit"): "offsets for tools that show lag: nothing reads them",
    ("projections/run/beside.py", "forget"): "a part of the batch's own transaction, and repeated with it",
    ("projections/run/ahead.py", "write_ahead"): "one transaction: the turn of these rows comes, too",
    ("projections/migration/patience.py", "in_one_go"): "one transaction for each step, by a command and not a process",
    ("projections/past/reads.py", "at"): "temporary tables of a transaction that is rolled back: nothing is left",
    ("projections/past/reads.py", "_at"): "the same, and the newest event in a part of it that is rolled back at once",
    ("projections/rebuild/build.py", "_level"): "one transaction that swaps or does not, by a command",
    ("projections/rebuild/expired.py", "take_over"): "one transaction in tables that nobody reads yet, by a command",
    ("streams/guard/guard.py", "submit"): "records that concern no handler: nothing follows from them",
    ("streams/hosts/faust_host.py", "ack"): "Faust's own note of what the guard has acknowledged",
    ("streams/backup/moment.py", "_moment"): "a transaction that holds and changes nothing; its end lets go",
    ("streams/backup/tables.py", "bring_back"): "one transaction, by a command: before it nothing can work",
    ("streams/backup/log.py", "place_groups"): "by a command, before there is a database to work with",
    ("gateway/access/sign_ins.py", "end_at_provider"): "one transaction, which is told again where it was not answered",
    ("streams/takeover/take_over.py", "take_over"): "one transaction, by a command, while no process works",
    ("streams/watchdog/log_reach.py", "_send_on"): "one transaction, made again as long as a cut is not whole",
    ("streams/watchdog/care.py", "_recovered"): "in the transaction of round",
    ("streams/watchdog/care.py", "_may_act"): "in the transaction of round",
    (
        "streams/watchdog/watch.py",
        "_complete",
    ): "one statement, made again as long as there is such a plan",
    ("streams/watchdog/watch.py", "_tell_of_broker"): "one statement, made again by a watchdog that has just started",
    ("streams/watchdog/watch.py", "_say_outage"): "one transaction that announces what is over",
    ("streams/watchdog/unannounced.py", "announce"): "one transaction, made again with the next look",
    ("streams/watchdog/processes.py", "_say_gone"): "one statement, made again by whoever finds it still to be said",
    ("gateway/uploads/goods_store.py", "_record"): "one transaction; the same file told again changes nothing",
    ("gateway/uploads/goods_correct.py", "_decide"): ONE_STATEMENT,
    ("gateway/uploads/ads_store.py", "record"): "in the transaction of the costs and stock of its document",
    ("gateway/uploads/ads_store.py", "delete"): ONE_STATEMENT,
    ("streams/breakers/breakers.py", "report"): "one statement; a call that nobody heard of counts for no breaker",
    (
        "gateway/operations/replaying.py",
        "_turn",
    ): "one statement: a turn and what it puts into the outbox; the next turn goes on",
    ("gateway/operations/alerting.py", "acknowledge"): ONE_STATEMENT,
    ("gateway/operations/pagerduty.py", "hear"): ONE_TRANSACTION,
    ("gateway/operations/alerting.py", "silence"): ONE_STATEMENT,
    ("gateway/operations/alerting.py", "unsilence"): ONE_STATEMENT,
    ("gateway/operations/alerting.py", "test"): ONE_STATEMENT,
    (
        "gateway/alerts/engine.py",
        "_look",
    ): "one transaction of a look: the next one makes it again of what is wrong then",
    (
        "gateway/alerts/memory_queue.py",
        "remember",
    ): "one file that is replaced; without it what was told is told again, with its id",
    ("gateway/alerts/sender.py", "_hold"): "nothing was sent; without it the claim ends, and it is asked for again",
    ("gateway/uploads/mapping_store.py", "whole"): "one transaction; without it the columns are asked for again",
    ("gateway/alerts/queue.py", "claim"): "one transaction; a claim that nobody follows ends by itself",
    ("gateway/alerts/queue.py", "sent"): "between two points of the sender",
    ("gateway/alerts/queue.py", "again"): "one transaction; without it the claim ends, and the message goes again",
    (
        "gateway/alerts/queue.py",
        "put_off",
    ): "one transaction; without it the claim ends, and the message is asked for again",
    ("gateway/alerts/queue.py", "ended"): "one transaction; without it the claim ends, and the message goes again",
    ("gateway/alerts/harmed.py", "told"): "it reads, and takes all of it back",
    ("gateway/alerts/reminders.py", "_make"): "one statement, made again with the next look",
    ("gateway/alerts/decisions.py", "_make"): "one statement, made again with the next look",
    (
        "gateway/alerts/reminder_queue.py",
        "claim",
    ): "one transaction; a claim that nobody follows ends by itself",
    ("gateway/alerts/webhooks/queue.py", "claim"): "one transaction; a claim that nobody follows ends by itself",
    ("gateway/alerts/webhooks/queue.py", "sent"): "between two points of the sender",
    ("gateway/alerts/webhooks/queue.py", "again"): "one transaction; without it the claim ends, and it goes again",
    ("gateway/alerts/webhooks/queue.py", "put_off"): "one transaction; without it the claim ends, and it is asked for",
    ("gateway/alerts/webhooks/queue.py", "ended"): "one transaction; without it the claim ends, and it goes again",
    ("gateway/operations/webhooks.py", "make"): ONE_TRANSACTION,
    ("gateway/operations/webhooks.py", "change"): ONE_TRANSACTION,
    ("gateway/operations/webhooks.py", "rotate"): ONE_TRANSACTION,
    ("gateway/operations/webhooks.py", "remove"): ONE_TRANSACTION,
    ("gateway/operations/webhooks.py", "again"): ONE_TRANSACTION,
    ("gateway/operations/retrying.py", "retry_now"): ONE_STATEMENT,
    ("gateway/operations/retrying.py", "give_up"): ONE_STATEMENT,
    (
        "gateway/operations/retrying.py",
        "sending_again",
    ): ONE_TRANSACTION,
    ("gateway/operations/letters.py", "edit"): ONE_TRANSACTION,
    ("gateway/operations/letters.py", "replay_one"): ONE_STATEMENT,
    ("gateway/operations/recovering.py", "ask_recovery"): ONE_STATEMENT,
    ("gateway/operations/recovering.py", "recover_these"): "a transaction for each chunk; asked again it goes on",
    ("gateway/operations/erasing.py", "erase"): ONE_TRANSACTION,
    (
        "gateway/operations/discarding.py",
        "discard",
    ): "a transaction for each chunk; the next one goes on from there",
    ("gateway/audit/writing.py", "audited"): "the transaction of whoever opens it",
    ("gateway/audit/sealing.py", "seal"): "one transaction; what has no link gets it with the next look",
    ("gateway/access/api_keys.py", "_insert"): ONE_TRANSACTION,
    ("gateway/access/api_keys.py", "change"): ONE_TRANSACTION,
    ("gateway/access/api_keys.py", "rotate"): ONE_TRANSACTION,
    ("gateway/access/api_keys.py", "revoke"): ONE_TRANSACTION,
    ("gateway/access/links.py", "_make"): ONE_TRANSACTION,
    ("gateway/access/teams.py", "make"): ONE_TRANSACTION,
    ("gateway/access/teams.py", "rename"): ONE_TRANSACTION,
    ("gateway/access/teams.py", "close"): ONE_TRANSACTION,
    ("gateway/access/teams.py", "add"): ONE_TRANSACTION,
    ("gateway/access/teams.py", "remove"): ONE_TRANSACTION,
    ("gateway/access/teams.py", "move"): ONE_TRANSACTION,
    ("gateway/access/people.py", "make"): ONE_TRANSACTION,
    ("gateway/access/people.py", "change"): ONE_TRANSACTION,
    ("gateway/access/people.py", "end"): ONE_TRANSACTION,
    ("gateway/operations/people.py", "erase"): ONE_TRANSACTION,
    ("gateway/access/sign_ins.py", "end"): ONE_TRANSACTION,
    ("gateway/access/identities.py", "sign_in"): ONE_TRANSACTION,
    ("gateway/access/sign_ins.py", "open"): ONE_TRANSACTION,
    ("gateway/access/sign_ins.py", "open_by_link"): ONE_TRANSACTION,
    ("gateway/access/sign_ins.py", "close"): ONE_TRANSACTION,
    ("gateway/uploads/mapping_change.py", "changed_mapping"): ONE_TRANSACTION,
    ("gateway/uploads/mapping_change.py", "forget_mapping"): ONE_TRANSACTION,
    ("gateway/operations/alerting.py", "_changed"): ONE_TRANSACTION,
    ("gateway/operations/mending.py", "edit"): ONE_STATEMENT,
    ("gateway/operations/outbox_removal.py", "take_out"): ONE_TRANSACTION,
    ("gateway/operations/housekeeping.py", "delete"): ONE_STATEMENT,
    ("gateway/operations/letters.py", "_audit"): "in the transaction of its caller",
    ("gateway/operations/ending.py", "end_process"): ONE_TRANSACTION,
    ("gateway/operations/switching.py", "switch_flag"): ONE_STATEMENT,
    (
        "gateway/operations/switching.py",
        "act_on_breaker",
    ): ONE_TRANSACTION,
    (
        "gateway/operations/letters.py",
        "start_replay",
    ): ONE_TRANSACTION,
    (
        "gateway/operations/letters.py",
        "cancel_replay",
    ): ONE_TRANSACTION,
    (
        "gateway/alerts/history.py",
        "write",
    ): ONE_TRANSACTION,
    ("streams/provision/signing_begins.py", "_note"): ONE_TRANSACTION,
}


def functions(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the lines of each function, without those of the functions in it."""
    source = path.read_text("utf-8")
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = {
                n
                for child in ast.walk(node)
                if child is not node and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                for n in range(child.lineno, (child.end_lineno or 0) + 1)
            }
            own = [n for n in range(node.body[0].lineno, (node.end_lineno or 0) + 1) if n not in inner]
            yield node.name, [lines[n - 1].split("  #")[0] for n in own]


def uncovered(name: str, lines: list[str]) -> list[str]:
    """Return the effects of a function that have no point somewhere before, or none somewhere after.

    A transaction is final at its end, so a point after its beginning comes before the effect.
    """
    points = [n for n, line in enumerate(lines) if line.strip().startswith("crashpoint(")]
    return [
        f"{name}: {line.strip()}"
        for n, line in enumerate(lines)
        if EFFECTS.search(line) and not (points and (points[0] < n or "transaction()" in line) and n < points[-1])
    ]


@pytest.mark.parametrize("module", MODULES)
def test_every_effect_lies_between_two_points(module: str) -> None:
    found = [
        effect
        for name, lines in functions(ROOT / module)
        if (module, name) not in WITHOUT
        for effect in uncovered(name, lines)
    ]
    assert found == []


def test_no_other_module_has_effects_without_a_reason() -> None:
    found = {
        (str(path.relative_to(ROOT)), name)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if str(path.relative_to(ROOT)) not in MODULES
        if EFFECTS.search(path.read_text("utf-8"))
        for name, lines in functions(path)
        if any(EFFECTS.search(line) for line in lines)
    }
    assert found - WITHOUT.keys() == set()


def test_each_point_stands_once_in_the_source_and_in_the_scenario() -> None:
    text = "".join(path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    in_source = re.findall(r"\bcrashpoint\((.*?)\)", text)
    in_scenario = [f'"{point}"' for points in (*POINTS.values(), OF_AIOKAFKA, CRASHES) for point in points]
    assert sorted(in_source) == sorted(in_scenario)
    assert len(set(in_source)) == len(in_source) > 30


def test_an_effect_outside_of_points_is_seen() -> None:
    assert uncovered("f", ["await p.publish(x)"]) == ["f: await p.publish(x)"]
    assert uncovered("f", ['crashpoint("a")', "await p.publish(x)"]) == ["f: await p.publish(x)"]
    assert uncovered("f", ['crashpoint("a")', "await p.publish(x)", 'crashpoint("b")']) == []
