"""One plan, whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from gateway.cli.views.check import check
from gateway.cli.views.tables import table
from gateway.cli.views.words import brl, channels, local_time, plain, priority, status, used, worth
from gateway.figures import words as figure_words
from schemas.channels import channel_name

Plan = Mapping[str, Any]


def plan(document: Plan) -> RenderableType:
    return Group(*_parts(document))


def _parts(document: Plan) -> Iterator[RenderableType]:
    yield plain(document["title"], "bold")
    yield from _verdict(document)
    yield _facts(document)
    yield _channels(document)
    yield from reading(document)
    if document["opportunities"]:
        yield _opportunities(document)
    yield from _phase1(document)
    yield from _later(document)
    actions = document["actions"]
    if actions:
        yield plain(f"Possible now: {', '.join(actions)}", "dim")


def _verdict(document: Plan) -> Iterator[RenderableType]:
    """Say what happens to it, or why it waits. A gateway of an earlier version does not tell."""
    found = document.get("verdict")
    if found is None:
        return
    said = " ".join(part for part in (found["text"], found["evidence"]) if part)
    yield plain(f"  ! {said}" if found["wrong"] else f"  {said}", "yellow" if found["wrong"] else "")
    if found["advice"]:
        yield plain(f"  > {found['advice']}")


def _facts(document: Plan) -> RenderableType:
    made = table("", "")
    made.show_header = False
    state = status(document["status"])
    if document["partial"]:
        state.append(" (partial: not every channel could be analysed)", "yellow")
    facts: list[tuple[str, Text]] = [
        ("id", plain(document["planId"])),
        ("status", state),
        ("version", plain(document["version"])),
        ("channels", channels(document["channels"])),
        ("priority", priority(document["priority"])),
        ("file", plain(f"{document['filename']} ({document['sizeBytes']:,} bytes, {document['mediaType']})")),
        ("uploaded", plain(f"{local_time(document['uploadedAt'])} by {document['uploadedBy'] or '-'}")),
    ]
    if document["decidedAt"]:
        facts.append(("decided", plain(f"{local_time(document['decidedAt'])} by {document['decidedBy'] or '-'}")))
    if document["reason"]:
        facts.append(("reason", plain(document["reason"])))
    tasks = document["tasks"]
    if tasks["total"]:
        by = ", ".join(f"{count} {name}" for name, count in tasks["byStatus"].items())
        facts.append(("tasks", plain(f"{tasks['total']} ({by})")))
    if document["traceId"]:
        facts.append(("trace", plain(document["traceId"])))
    for name, value in facts:
        made.add_row(plain(name, "dim"), value)
    return made


def _channels(document: Plan) -> RenderableType:
    made = table("CHANNEL", "RESULT", "SOURCE", "SUMMARY", title="Analysis")
    for result in document["channelResults"]:
        notes = [result["summary"] or f"{result['code']} {result['reason']}".strip()]
        notes += again(result)
        notes += [f"limit: {limit}" for limit in result["limits"]]
        notes += agents(result)
        if result["repairs"]:
            notes.append(f"{len(result['repairs'])} repairs of the agent's answer")
        made.add_row(
            plain(channel_name(result["channel"])),
            plain(result["status"], "red" if result["status"] == "failed" else "green"),
            plain(" ".join(part for part in (result["source"], result["model"]) if part) or "-"),
            plain("\n".join(note for note in notes if note)),
        )
    return made


def again(result: Mapping[str, Any]) -> Iterator[str]:
    """Say what became of another analysis that was asked for. An earlier gateway does not tell."""
    asked, kept = result.get("asked"), result.get("kept")
    if asked and asked["running"]:
        who = "by the rules" if asked["analyst"] == "rules" else "with the agent"
        yield f"analysed again {who} just now, as {asked['by']} asked; until then this result stays"
    elif kept:
        yield f"analysed again at {local_time(kept['at'])} without success ({kept['code']}), so this result stays"
        yield from (f"{failed['agent'] or 'agent'} failed ({failed['code']})" for failed in kept["failures"])
    elif asked:
        yield f"analysed again, as {asked['by']} asked; since {local_time(result['changedAt'])}"


def agents(result: Mapping[str, Any]) -> Iterator[str]:
    """Say which agents failed, what the calls took, what has no source. An earlier gateway does not tell."""
    for failed in result.get("fallback", []):
        yield f"{failed['agent'] or 'agent'} failed ({failed['code']}): {failed['reason']}"
    yield from map(used, result.get("use", []))
    if result.get("unmatched"):
        numbers = ", ".join(dict.fromkeys(one["number"] for one in result["unmatched"]))
        yield f"numbers without a source in the document: {numbers}"


def reading(document: Plan) -> Iterator[RenderableType]:
    """Show how each table was understood. A gateway of an earlier version does not tell."""
    told = document.get("reading")
    if told is None or not told["tables"]:
        return
    made = table("TABLE", "KIND", "LAYOUT", "ROWS", "COLUMNS", right=("ROWS",), title="How the document was read")
    for one in told["tables"]:
        notes = [f"used: {', '.join(dict.fromkeys(one['columnsUsed']))}"] if one["columnsUsed"] else []
        notes += [f"missing: {', '.join(one['columnsMissing'])}"] if one["columnsMissing"] else []
        made.add_row(
            plain(one["where"]),
            plain(one.get("kind", "-")),
            plain(one["layout"]),
            plain(one["rows"]),
            plain("\n".join(notes + one["warnings"])),
        )
    yield made
    said = [
        f"{channel_name(one['channel'])} {figure_words.currency(one['currency'], one['source'])}"
        for one in told.get("currencies", [])  # an earlier gateway does not tell
    ]
    if said:
        yield plain(f"  Currency: {'; '.join(said)}")
    if any(one["columnsMissing"] for one in told["tables"]):
        yield plain(
            f"  > marketplace figures {document['planId'][:8]}: what is unknown, and what makes it known", "dim"
        )
    others = [channel for channel in told.get("channels", []) if channel not in document["channels"]]
    if others:
        line = f"marketplace analyse {document['planId']} --channel {','.join(others)}"
        yield plain("  ! not analysed, though the document has it: ", "yellow").append_text(channels(others))
        yield plain(f"  > {line}")


def _opportunities(document: Plan) -> RenderableType:
    found = document["opportunities"]
    total = worth(found)
    checks = {c["opportunityId"]: c for result in document["channelResults"] for c in result.get("checks", [])}
    made = table(
        "PRIORITY",
        "CHANNEL",
        "OPPORTUNITY",
        "WORTH",
        right=("WORTH",),
        title="Opportunities" if total is None else f"Opportunities, worth {brl(total)} a month",
    )
    for one in found:
        made.add_row(
            priority(one["priority"]),
            plain(channel_name(one["channel"])),
            plain("\n".join(filter(None, (one["title"], check(checks.get(one["id"])))))),
            plain(brl(one.get("worthBrl"))),
        )
    return made


def _phase1(document: Plan) -> Iterator[RenderableType]:
    phase = document["phase1"] or document.get("phase1Preview")
    if phase is None:
        return
    origin = f"{phase['origin']}, rule {phase['rule']}" if phase["rule"] else phase["origin"]
    source = f"from: {origin}" if document["phase1"] else f"an approval would make it; from: {origin}"
    made = table("#", "PRIORITY", "CHANNEL", "TASK", title=f"{phase['name']}, {phase['weeks']} ({source})")
    for position, task in enumerate(phase["tasks"], start=1):
        made.add_row(
            plain(position),
            priority(task["priority"]),
            plain(channel_name(task["channel"])),
            plain(task["title"]),
        )
    yield made


def _later(document: Plan) -> Iterator[RenderableType]:
    """Show the phases that have begun since, and the next one. A gateway of an earlier version does not tell."""
    for phase in document.get("laterPhases", []):
        since = f"begun {local_time(phase['startedAt'])} by {phase['startedBy']}"
        yield plain(f"{phase['name']}, {phase['weeks']}: {len(phase['tasks'])} tasks ({since})")
    if following := document.get("nextPhase"):
        steps = f"{len(following['tasks'])} steps"
        yield plain(f"  > {following['name']} ({steps}): marketplace start-phase {document['planId'][:8]}")
