"""Dead letters and records that wait."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gateway.cli.as_typed import detail_of
from gateway.cli.record_ids import typed
from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, local_time, plain, when
from gateway.verdict.words.speech import span
from schemas.dead_letters import without_code

Row = Mapping[str, Any]
STYLES: Final = {
    "open": "red",
    "blocked": "bold red",
    "replayed": "cyan",
    "discarded": "dim",
    "waiting": "yellow",
    "done": "green",
    "given_up": "red",
    "running": "cyan",
    "cancelled": "dim",
}
#: Outcomes of a record that are no refusal.
GOOD: Final = frozenset({"accepted", "unchanged"})
#: Of more records than this the good ones are counted, not listed.
LISTED: Final = 200
_BARS: Final = " ▁▂▃▄▅▆▇█"


def state(name: str) -> Text:
    return plain(name.replace("_", " "), STYLES.get(name, ""))


def record(record_id: str) -> Text:
    return plain(typed(record_id), "bold")


def trend(counts: Sequence[int]) -> Text:
    """Draw counts as bars; a count above zero is never drawn as nothing."""
    most = max(counts, default=0)
    return plain("".join(_BARS[0 if not n else max(1, round(8 * n / most))] for n in counts), "cyan")


def retries(rows: Sequence[Row]) -> Table:
    made = table("RECORD", "STATE", "EVENT", "FAILED", "NEXT TRY", "CAUSE", "WAITS BEHIND", right=("FAILED",))
    for row in rows:
        made.add_row(
            record(row["recordId"]),
            state(row["state"]),
            plain(row["type"]),
            plain(f"{row['attempt']}x"),
            plain(_due(row["dueAt"]) if row["state"] == "waiting" else "-"),
            plain(_cause(row)[:120]),
            plain(typed(row["behind"]) or "-"),
        )
    return made


def _cause(row: Row) -> str:
    """Say the code once, also where the message begins with it."""
    return ": ".join(filter(None, (row["code"], without_code(row["message"], row["code"])))) or "-"


def letters(rows: Sequence[Row]) -> Table:
    made = table("RECORD", "STATE", "EVENT", "CAUSE", "REPLAYS", "CAME", right=("REPLAYS",))
    for row in rows:
        made.add_row(
            record(row["recordId"]),
            state(row["state"]).append(" edited" if row["edited"] else "", "yellow"),
            plain(row["type"]),
            plain(_cause(row)[:120]),
            plain(row["replays"]),
            plain(ago(row["deadAt"])),
        )
    return made


def causes(document: Row) -> Table:
    right = ("OPEN", "ALL", "RECORDS")
    made = table("CAUSE", "GROUPS", "EVENT", "WHAT", "OPEN", "ALL", "RECORDS", "24 H", "LAST", right=right)
    for row in document["items"]:
        states = row["states"]
        made.add_row(
            plain(row["fingerprint"], "bold"),
            plain(", ".join(row["groups"]) or row["group"]),
            plain(row["type"]),
            plain(_cause(row)[:100]),
            plain(states.get("open", 0) + states.get("blocked", 0), "red"),
            plain(row["total"]),
            plain(row["records"] or row["total"]),
            trend(row["trend"]),
            plain(ago(row["lastAt"])),
        )
    return made


def results(rows: Sequence[Row]) -> RenderableType:
    """Show what became of each record; of very many the refused ones, and how many there were of each outcome."""
    if len(rows) <= LISTED:
        return _results(rows)
    counts = sorted(Counter(str(row["outcome"]) for row in rows).items())
    said = plain(", ".join(f"{n} {outcome.replace('_', ' ')}" for outcome, n in counts))
    refused = [row for row in rows if row["outcome"] not in GOOD]
    return Group(_results(refused), said) if refused else said


def _results(rows: Sequence[Row]) -> Table:
    made = table("RECORD", "OUTCOME", "WHY")
    for row in rows:
        problem = row.get("problem") or {}
        good = row["outcome"] in GOOD
        made.add_row(
            record(row["recordId"]),
            plain(row["outcome"].replace("_", " "), "green" if good else "red"),
            plain(detail_of(problem) or ("done before" if row["outcome"] == "unchanged" else "")),
        )
    return made


def outlook(rows: Sequence[Row]) -> Table:
    made = table("RECORD", "WOULD BE", "GOES TO", "EVENT", "READABLE", "WAITS BEHIND", "IN HISTORY")
    for row in rows:
        made.add_row(
            record(row["recordId"]),
            _fate(row),
            plain(row["topic"]),
            plain(row["type"] + (" (edited)" if row["edited"] else "")),
            plain("yes" if row["readable"] else "no", "" if row["readable"] else "red"),
            plain(typed(row["behind"]) or "-"),
            plain("yes: nothing of it happens twice" if row["inHistory"] else "no"),
        )
    return made


def _fate(row: Row) -> Text:
    """Say what would become of a letter: what nobody can read is sent, too, and comes back."""
    if row["outcome"] != "accepted":
        return plain(f"refused: {row['outcome'].replace('_', ' ')}")
    return plain("sent") if row["readable"] else plain("sent, would come back", "red")


def jobs(rows: Sequence[Row]) -> Table:
    """Show replays of many: of what was sent, those that came back as dead letters are counted by themselves."""
    made = table("JOB", "STATE", "DONE", "OF", "RATE", "BY", "BEGUN", "OUTCOMES", right=("DONE", "OF", "RATE"))
    for row in rows:
        made.add_row(
            plain(row["jobId"], "bold"),
            plain(row["state"], "red") if row.get("cameBack") else state(row["state"]),
            plain(row["done"]),
            plain(row["total"]),
            plain(f"{row['rate']:g}/s"),
            plain(row["actor"]),
            plain(ago(row["createdAt"])),
            plain(_outcomes(row)),
        )
    return made


def _outcomes(row: Row) -> str:
    counts = dict(sorted(row["outcomes"].items()))
    if back := row.get("cameBack"):
        counts = {"came_back": back, **counts, "accepted": counts["accepted"] - back}
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items() if n)


def job_items(rows: Sequence[Row]) -> Table:
    """Show the letters of a replay: the outcome of each, and where the sent ones are now."""
    made = table("RECORD", "OUTCOME", "SINCE THEN", "AT")
    for row in rows:
        good = row["outcome"] in {None, "accepted", "unchanged"}
        made.add_row(
            record(row["recordId"]),
            plain((row["outcome"] or "its turn has not come").replace("_", " "), "" if good else "red"),
            plain("came back", "red") if row.get("cameBack") else state(row["retry"]) if row["retry"] else plain("-"),
            plain(local_time(row["at"]) if row["at"] else "-"),
        )
    return made


def letter(found: Row) -> RenderableType:
    """Show a letter: what it is, why it is here, what it says, and the history of its plan."""
    facts = table("", "")
    facts.show_header = False
    where = f"{found['topic']} / {found['partition']} / {found['offset']}"
    for name, value in (
        ("state", state(found["state"])),
        ("event", plain(found["type"] or "-")),
        ("plan", plain(found["planId"] or found["key"] or "-")),
        ("group", plain(found["group"])),
        ("where", plain(where)),
        ("cause", plain(f"{found['code']} ({found['fingerprint']})")),
        ("message", plain(without_code(found["message"], found["code"]) or "-")),
        ("attempts", plain(f"{found['attempts']}, from {local_time(found['firstFailedAt'])}")),
        ("last failed", plain(local_time(found["lastFailedAt"]))),
        ("replays", plain(f"{found['replays']}{_stands(found['retry'])}")),
        ("last action", plain(_action(found))),
        ("given up", plain(f"by {found['givenUpBy']}: {found['givenUpReason']}" if found["givenUpBy"] else "-")),
        ("trace", plain(found["traceId"] or "-")),
    ):
        facts.add_row(plain(name, "dim"), value)
    if found.get("traceUrl"):  # a gateway of an earlier version does not tell
        facts.add_row(plain("trace page", "dim"), plain(found["traceUrl"]))
    parts: list[RenderableType] = [record(found["recordId"]), facts, plain("payload", "bold")]
    if found.get("withheld"):  # a gateway of an earlier version withholds nothing
        parts.append(plain(f"{found['sizeBytes']} bytes: operators see what is in them"))
    elif found["data"] is None:
        parts.append(plain(f"{found['sizeBytes']} bytes that nobody can read: {(found['valueBase64'] or '-')[:400]}"))
    else:
        parts.append(plain(json.dumps(found["data"], ensure_ascii=False, indent=2)))
    if found["differences"]:
        parts += [
            plain(f"edited by {found['editedBy']}; a replay sends it so", "bold"),
            differences(found["differences"]),
        ]
    if found.get("tried"):  # a gateway of an earlier version does not tell
        parts += [plain("what was tried", "bold"), _tried(found["tried"])]
        if found["triedBefore"]:
            parts.append(plain(f"and {found['triedBefore']} before", "dim"))
    if found["history"]:
        parts += [plain("history of the plan", "bold"), _history(found["history"])]
    return Group(*parts)


def differences(rows: Sequence[Row]) -> Table:
    made = table("WHERE", "BEFORE", "AFTER")
    for row in rows:
        before = "-" if row["kind"] == "added" else json.dumps(row["before"], ensure_ascii=False)
        after = "-" if row["kind"] == "removed" else json.dumps(row["after"], ensure_ascii=False)
        made.add_row(plain(row["path"], "bold"), plain(before[:200], "red"), plain(after[:200], "green"))
    return made


def _history(rows: Sequence[Row]) -> Table:
    made = table("WHEN", "EVENT", "BY")
    for row in rows:
        made.add_row(plain(local_time(row["recordedAt"])), plain(row["type"]), plain(row["actor"]))
    return made


def _tried(rows: Sequence[Row]) -> Table:
    made = table("WHEN", "WHAT", "BY", "WHY")
    for row in rows:
        what = row["what"] if row["number"] is None else f"{row['what']}, attempt {row['number']}"
        why = ": ".join(filter(None, (row["code"], without_code(row["reason"], row["code"]))))
        made.add_row(plain(local_time(row["at"])), plain(what), plain(row["by"] or "-"), plain(why[:160] or "-"))
    return made


def _action(found: Row) -> str:
    if not found["actedBy"]:
        return "-"
    reason = f": {found['reason']}" if found["reason"] else ""
    return f"{found['actedBy']}, {ago(found['actedAt'])}{reason}"


def _stands(retry: str) -> str:
    return {"waiting": ", waiting for another attempt", "done": ", the last one was handled"}.get(retry, "")


def _due(text: str) -> str:
    moment = when(text)
    left = 0.0 if moment is None else (moment - datetime.now(UTC)).total_seconds()
    return "on its way" if left <= 0 else f"in {span(left)}"
