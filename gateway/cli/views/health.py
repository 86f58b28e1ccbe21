"""The health report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType

from gateway.cli.views import operations
from gateway.cli.views.groups import groups
from gateway.cli.views.tables import table
from gateway.cli.views.words import plain
from gateway.verdict.words.speech import span
from schemas.process.version import build

STYLES: Final = {"ok": "bold green", "degraded": "bold yellow", "down": "bold red"}


def health(report: Mapping[str, Any]) -> RenderableType:
    return Group(*_parts(report))


def _parts(report: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield plain(line(report), STYLES.get(report["status"], "bold"))
    for finding in report["findings"]:
        yield plain(f"  ! {finding}", "yellow")
    for notice in report.get("notices", ()):
        yield plain(f"  ? {notice}", "cyan")
    for note in (one for one in report.get("verdict", ()) if one["effect"] == "note"):
        yield plain(f"  - {note['text']}", "dim")
    if report.get("version"):
        yield plain(f"  gateway {operations.version(report)}, this command {build()}", "dim")
    made = table("PART", "STATE", "FIGURES")
    for name, state, good, figures in _rows(report):
        made.add_row(plain(name), plain(state, "green" if good else "red"), plain(figures))
    yield made
    yield from _operations(report)
    for advice in (*report.get("recommendations", ()), *report.get("noticeRecommendations", ())):
        yield plain(f"  > {advice}")


def _operations(report: Mapping[str, Any]) -> Iterator[RenderableType]:
    off = [flag for flag in report.get("flags", ()) if not flag["enabled"]]
    for rows, view in (
        (report.get("processes"), operations.processes),
        (report.get("groups"), groups),
        (report.get("breakers"), operations.breakers),
        (off, operations.flags),
        (report.get("stalled"), operations.stalled),
    ):
        if rows:
            yield view(rows)


def line(report: Mapping[str, Any]) -> str:
    """Return the verdict in one line. A gateway of an earlier version tells no headline."""
    said = report.get("headline")
    return f"The system is {report['status']}" + (f". {said}" if said else "")


def _well(report: Mapping[str, Any]) -> Callable[[str, bool], bool]:
    """Return how to tell whether a part is well: as the verdict says. A gateway of an earlier version tells none."""
    findings = report.get("verdict")
    ill = {finding["part"] for finding in findings or () if finding["effect"] in {"down", "degraded"}}
    return lambda part, otherwise: otherwise if findings is None else part not in ill


def _rows(report: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    database, broker, projection = report["database"], report["broker"], report["projection"]
    well = _well(report)
    yield "database", *_answers(database["reachable"]), f"answered in {span(database['seconds'])}"
    waiting = f"{broker['outboxWaiting']} in the outbox"
    if broker["outboxWaiting"]:
        waiting += f", the oldest for {span(broker['outboxOldestSeconds'])}"
    state = "away" if broker.get("reachable") is False else broker["relay"]
    yield "broker", state, well("broker", state in {"publishing", "standby"}), waiting
    if projection is not None:
        behind = projection["behind"]
        late = f"{behind} events behind, {span(projection['oldestSeconds'])}" if behind else "nothing behind"
        current = well("read-models", not behind)
        yield "read models", "current" if current else "late", current, late
    yield "live changes", "connected" if report["live"] else "cut off", well("live-changes", report["live"]), ""
    for kind in ("plans", "tasks"):
        for name, waits in report[kind].items():
            figures = f"{waits['count']}"
            if waits["oldestSeconds"]:
                figures += f", the oldest for {span(waits['oldestSeconds'])}"
            yield kind, name.replace("_", " "), True, figures
    yield from _queue(report.get("queue"))
    yield from _aside(report)


def _queue(queue: Mapping[str, Any] | None) -> Iterator[tuple[str, str, bool, str]]:
    """Say what the queues hold; an older gateway does not tell."""
    if queue is None:
        return
    figures = f"{_known(queue['waiting'])} waiting, {_known(queue['active'])} under way"
    if queue["oldestSeconds"]:
        figures += f", the oldest for {span(queue['oldestSeconds'])}"
    state = "in work" if queue["waiting"] or queue["active"] else "empty"
    yield "queues", "not known" if None in {queue["waiting"], queue["active"]} else state, True, figures
    ended = (
        f"{_known(queue['completed'])} completed, {_known(queue['failed'])} failed in {span(queue['withinSeconds'])}"
    )
    yield "queues", "ended", True, ended


def _known(count: int | None) -> str:
    return "?" if count is None else str(count)


def _aside(report: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    """Say what waits for a person or for another attempt; an older gateway does not tell."""
    letters, retrying = report.get("deadLetters"), report.get("retrying")
    if letters is not None:
        count = letters["open"] + letters["blocked"]
        figures = f"{letters['open']} open, {letters['blocked']} came back three times" if count else ""
        figures += f", the oldest for {span(letters['oldestSeconds'])}" if count else ""
        yield "dead letters", "undecided" if count else "none", not count, figures
    if retrying is not None:
        overdue = retrying["overdueSeconds"]
        late = f", the first one due for {span(overdue)}" if overdue else ""
        yield "retries", "waiting" if retrying["count"] else "none", True, f"{retrying['count']}{late}"


def _answers(reachable: bool) -> tuple[str, bool]:
    return ("answers" if reachable else "does not answer"), reachable
