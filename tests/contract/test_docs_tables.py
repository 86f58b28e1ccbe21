"""The tables of docs/ say what the code says: of alerts, objectives, streams, rooms, exit statuses, folders."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gateway.__main__ import EXPOSED
from gateway.alerts.engine import STANDBY_TELLS_S
from gateway.alerts.patience import BY_KIND, BY_SEVERITY, Hold
from gateway.alerts.recurring import MOST_S, RECURS_S
from gateway.alerts.sender import AGAIN_S
from gateway.operations.housekeeping import TABLES, Kept
from gateway.operations.system_changes import LOOK_S
from gateway.verdict import flapping
from gateway.verdict.causes import BEGINS_WITHIN_S
from gateway.verdict.traits import Severity
from projections.reads import alerts
from schemas.catalogue import versions
from schemas.process import start
from schemas.process.liveness import EXIT_AGAIN
from schemas.slo import BURNS, OBJECTIVES, Kind, Objective
from schemas.topics import declared
from schemas.typed.unions import PLAN_DECISIONS
from streams.broker.publisher import EXIT_CANNOT_PUBLISH
from streams.provision.__main__ import WRONG_USE
from tests.support.doc_tables import DOCS, names, rows

ROOT = Path(__file__).parents[2]
CONTRACTS = {
    one["id"]: one
    for one in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
}
SEVERITIES = {
    "critical ones, where nothing else is said": Severity.CRITICAL,
    "warnings, where nothing else is said": Severity.WARNING,
    "`info`": Severity.INFO,
}


def text_of(document: str) -> str:
    return " ".join((DOCS / document).read_text("utf-8").split())


def test_a_finding_is_told_after_as_long_as_is_said() -> None:
    told: dict[str, Hold] = {}
    for finding, opens, resolves in rows("alerts.md", "finding", "told after", "over after"):
        severity = SEVERITIES.get(finding)
        for name in names(finding) if severity is None else [str(severity)]:
            told[name] = Hold(*(float(cell.removesuffix(" s")) for cell in (opens, resolves)))
    holds = {str(kind): hold for kind, hold in [*BY_SEVERITY.items(), *BY_KIND.items()]}
    assert told == holds


def test_what_goes_by_itself_is_said_with_the_days_of_the_topics() -> None:
    said: dict[str, str] = {}
    for _, where, days in rows("privacy.md", "what", "where", "kept for"):
        said |= dict.fromkeys(names(where), days)
    of_topics = {
        name: f"{one.retention_ms // 86_400_000} days" for name, one in declared().items() if one.retention_ms > 0
    }
    assert {name: days for name, days in said.items() if name in declared()} == of_topics
    assert {kept.table for kept in TABLES} <= said.keys()


_SPANS = {"24 hours": "a day", "1 day": "a day"}
_SPAN = re.compile(r"interval '([^']+)'|current_date - (\d+)")


def span_of(kept: Kept) -> str:
    """Return for how long rows are kept, as docs/privacy.md says it: by the condition that deletes them."""
    found = _SPAN.search(kept.old)
    if found is None:
        return "at once"
    if found[2] is not None:
        years, rest = divmod(int(found[2]), 365)
        return f"{years} years" if rest <= years else f"{found[2]} days"
    return _SPANS.get(found[1], found[1])


def test_rows_are_kept_for_as_long_as_is_said() -> None:
    """A comma parts the tables of a row, a semicolon what is said of one of them."""
    said: dict[str, set[str]] = {}
    for _, where, kept_for in rows("privacy.md", "what", "where", "kept for"):
        tables, spans = names(where), kept_for.split(", ")
        each = spans if len(spans) == len(tables) else spans * len(tables)
        for table, span in zip(tables, each, strict=True):
            told = re.findall(r"(?:^|; )(an? \w+|\d+ \w+|at once)", span)
            said.setdefault(table, set()).update(told)
    kept: dict[str, set[str]] = {}
    for one in TABLES:
        kept.setdefault(one.table, set()).add(span_of(one))
    assert {table: said[table] for table in kept} == kept


def test_an_alert_has_the_states_that_are_said() -> None:
    assert [name for state, _ in rows("alerts.md", "state", "means") for name in names(state)] == list(alerts.STATES)


def test_alerts_are_announced_by_the_events_that_are_said() -> None:
    said = set(re.findall(r"`(alert\.\w+)`", text_of("alerts.md")))
    assert said == {type_ for type_ in versions() if type_.startswith("alert.")}


def test_the_times_of_alerts_are_as_told() -> None:
    *most, last = (f"{seconds:g}" for seconds in AGAIN_S)
    told = text_of("alerts.md")
    assert f"tried again after {', '.join(most)} and {last} s" in told
    assert (flapping.TIMES, flapping.QUIET_S, flapping.WITHIN_S) == (3, 300.0, alerts.LATELY_S)
    assert (
        f"opened three times within {flapping.WITHIN_S / 60:g} minutes is over only when it was quiet for five" in told
    )
    assert f"comes again meanwhile after it was gone for {RECURS_S:g} s, that is sent" in told
    assert f"for {2 * RECURS_S:g} s, then {4 * RECURS_S:g}, then {MOST_S:g}:" in told
    assert f"begins more than {BEGINS_WITHIN_S:g} s after the cause was last seen" in told
    assert f"only if it was away for {STANDBY_TELLS_S:g} s" in told


def promised(objective: Objective) -> str:
    """Return an objective as docs/slo.md says it."""
    share = f"{100 * objective.share:g} %"
    match objective.kind:
        case Kind.WITHIN if objective.limit_ms < 1000:
            return f"{share} within {objective.limit_ms} ms"
        case Kind.WITHIN:
            return f"{share} within {objective.limit_ms / 1000:g} s"
        case Kind.UPTIME:
            return f"{share} of the time"
        case Kind.NONE:
            return "none"


def test_the_objectives_are_as_told() -> None:
    told = {names(name)[0]: promise for name, promise, _ in rows("slo.md", "objective", "promised", "measured")}
    assert told == {objective.name: promised(objective) for objective in OBJECTIVES}
    assert list(told) == [objective.name for objective in OBJECTIVES]


def test_a_budget_burns_as_told() -> None:
    spans = [f"{burn.hours} h" if burn.hours < 24 else f"{burn.hours // 24} d" for burn in BURNS]
    stills = [f"{b.still_s // 60} minutes" if b.still_s < 3600 else f"{b.still_s // 3600} hours" for b in BURNS]
    *rates, last = (f"{burn.rate:g} over {span}" for burn, span in zip(BURNS, spans, strict=True))
    assert f"where a rate is above {', '.join(rates)}, or {last}, and" in text_of("slo.md")
    assert f"came within {', '.join(stills[:-1])}, or {stills[-1]}:" in text_of("slo.md")


def test_the_finding_of_a_budget_says_each_rate() -> None:
    spans = {1: "the last hour", 6: "six", 24: "a day", 72: "three days"}
    (first, *others) = (f"{burn.rate:g}{{}} over {spans[burn.hours]}" for burn in BURNS)
    (told,) = [
        how
        for kind, _, _, how in rows("resilience.md", "kind", "effect", "severity", "found where")
        if "slo-burning" in kind
    ]
    assert ", ".join([first.format(" times"), *(other.format("") for other in others)]) in told


def test_an_open_page_is_told_as_soon_as_is_said() -> None:
    """A look begins two seconds after the one before, and takes a moment itself."""
    assert LOOK_S < 3.0
    assert "An open page is told of a change within three seconds" in text_of("resilience.md")


def test_every_event_stands_with_its_stream_and_its_writer() -> None:
    told = [cell for _, _, cell, _ in rows("architecture.md", "stream", "version", "event", "written by")]
    families = "|".join(sorted({type_.partition(".")[0] for type_ in versions()}))
    said = {type_ for cell in told for type_ in re.findall(rf"\b(?:{families})\.[a-z0-9_.]*[a-z0-9]", cell)}
    assert "what a person decides" in " ".join(told)
    assert not said & PLAN_DECISIONS, "those stand in lifecycle.py alone"
    assert said | PLAN_DECISIONS == set(versions())


def test_the_exit_statuses_are_as_told() -> None:
    told = {
        int(status): (of, meaning) for status, of, meaning in rows("architecture.md", "exit status", "of", "meaning")
    }
    assert set(told) == {
        start.DONE,
        start.FAILED,
        start.REFUSED,
        start.INTERRUPTED,
        EXPOSED,
        EXIT_CANNOT_PUBLISH,
        EXIT_AGAIN,
    }
    assert f"provision: {WRONG_USE}" in told[start.REFUSED][1]


def layers(package: str) -> dict[str, int]:
    """Return the rooms of a package as the import rules have them, each with its place from the top."""
    levels = CONTRACTS[f"{package}-rooms"]["layers"]
    return {room.strip(): n for n, level in enumerate(levels) for room in level.split("|")}


@pytest.mark.parametrize("package", ["schemas", "streams", "projections", "gateway"])
def test_the_rooms_stand_in_the_order_of_the_import_rules(package: str) -> None:
    (told,) = [
        cell for name, cell in rows("architecture.md", "package", "rooms, from the top") if names(name) == [package]
    ]
    known = layers(package)
    said = [name for name in names(told) if name in known]
    assert sorted(said) == sorted(known)
    assert [known[name] for name in said] == sorted(known[name] for name in said)


@pytest.mark.parametrize("package", ["streams", "projections", "gateway"])
def test_what_a_package_never_imports_is_forbidden(package: str) -> None:
    (told,) = [
        never
        for name, _, never in rows("architecture.md", "package", "may import", "never")
        if names(name) == [package]
    ]
    of_interest = {"schemas", "streams", "projections", "gateway", "faust"}
    assert set(re.findall(r"\w+", told)) == of_interest & set(CONTRACTS[package]["forbidden_modules"])


def test_the_folders_of_the_database_are_there() -> None:
    told = [names(folder)[0] for folder, *_ in rows("architecture.md", "folder", "holds", "when it is applied")]
    there = {path.name + "/" * path.is_dir() for path in (ROOT / "schemas" / "database").iterdir()}
    assert set(told) <= there
    assert {name for name in there if name.endswith("/") and not name.startswith("__")} <= set(told)


def test_a_table_that_is_gone_is_no_agreement() -> None:
    with pytest.raises(AssertionError, match="has no table"):
        rows("alerts.md", "finding", "told before")
