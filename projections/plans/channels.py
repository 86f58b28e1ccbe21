"""The results of a plan's channels. Pure: event -> rows for queries.sql beside this file."""

from __future__ import annotations

from typing import assert_never

from projections.plans.rows import ChannelEndedRow, channel_asked, channel_ended, channel_kept, plan_asked
from projections.rows import Recorded, Row, as_json, at
from schemas.typed.plan import PlanChannelAnalyzed, PlanChannelFailed, PlanChannelKept, PlanChannelRequestedAgain


def channel(e: PlanChannelAnalyzed | PlanChannelFailed | PlanChannelKept, recorded: Recorded) -> Row:
    """Return the row of how a channel ended, or was kept as it was."""
    match e.type:
        case "plan.channel.analyzed":
            return _analyzed(e, recorded)
        case "plan.channel.failed":
            return _failed(e, recorded)
        case "plan.channel.kept":
            return _kept(e)
        case _:
            assert_never(e.type)


def _analyzed(e: PlanChannelAnalyzed, recorded: Recorded) -> Row:
    row = _blank(e, "analyzed", recorded)
    row["source"], row["model"], row["summary"] = e.data["source"], e.data["model"], e.data["summary"]
    row["opportunities"], row["phases"] = as_json(e.data["opportunities"]), as_json(e.data["phases"])
    row["repairs"], row["limits"] = as_json(e.data["repairs"]), as_json(e.data["limits"])
    row["fallback"], row["unmatched"] = as_json(e.data.get("fallback", [])), as_json(e.data.get("unmatched", []))
    row["agent_use"], row["checks"] = as_json(e.data.get("use", [])), as_json(e.data.get("checks", []))
    return _ended(row)


def _failed(e: PlanChannelFailed, recorded: Recorded) -> Row:
    row = _blank(e, "failed", recorded)
    row["code"], row["reason"] = e.data["code"], e.data["reason"]
    return _ended(row)


def _ended(row: ChannelEndedRow) -> Row:
    return channel_ended(f"{row['plan_id']}.{row['channel']}", row["version"], row)


def _blank(e: PlanChannelAnalyzed | PlanChannelFailed, status: str, recorded: Recorded) -> ChannelEndedRow:
    """Return the row of a channel whose analysis has ended, without anything that it found."""
    return {
        "plan_id": e.data["plan_id"],
        "channel": e.data["channel"],
        "version": e.version,
        "status": status,
        "source": "",
        "model": "",
        "summary": "",
        "opportunities": "[]",
        "phases": "[]",
        "repairs": "[]",
        "limits": "[]",
        "code": "",
        "reason": "",
        "fallback": "[]",
        "unmatched": "[]",
        "agent_use": "[]",
        "checks": "[]",
        "changed_at": recorded.recorded_at,
        "body": None,
        "told_by": None,
    }


def asked_again(e: PlanChannelRequestedAgain, recorded: Recorded) -> tuple[Row, Row]:
    """Return the rows of a channel that is analysed again, and of its plan."""
    asked = {
        "version": e.version,
        "result_version": e.data["result_version"],
        "analyst": e.data["analyst"],
        "by": e.actor,
        "at": at(e.occurred_at),
    }
    of_channel = channel_asked(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {"plan_id": e.data["plan_id"], "channel": e.data["channel"], "version": e.version, "asked": as_json(asked)},
    )
    of_plan = plan_asked(
        e.data["plan_id"],
        e.version,
        {"plan_id": e.data["plan_id"], "version": e.version, "changed_at": recorded.recorded_at},
    )
    return of_channel, of_plan


def _kept(e: PlanChannelKept) -> Row:
    kept = {
        "analyst": e.data["analyst"],
        "code": e.data["code"],
        "reason": e.data["reason"],
        "failures": e.data["failures"],
        "use": e.data["use"],
        "at": at(e.occurred_at),
    }
    return channel_kept(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {"plan_id": e.data["plan_id"], "channel": e.data["channel"], "version": e.version, "kept": as_json(kept)},
    )
