"""The results of a plan's channels. Pure: event -> rows for queries.sql beside this file."""

from __future__ import annotations

from typing import assert_never

from projections.plans.rows import channel_asked, channel_ended, channel_kept, plan_asked
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
    return channel_ended(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "channel": e.data["channel"],
            "version": e.version,
            "status": "analyzed",
            "source": e.data["source"],
            "model": e.data["model"],
            "summary": e.data["summary"],
            "opportunities": as_json(e.data["opportunities"]),
            "phases": as_json(e.data["phases"]),
            "repairs": as_json(e.data["repairs"]),
            "limits": as_json(e.data["limits"]),
            "code": "",
            "reason": "",
            "fallback": as_json(e.data.get("fallback", [])),
            "unmatched": as_json(e.data.get("unmatched", [])),
            "agent_use": as_json(e.data.get("use", [])),
            "checks": as_json(e.data.get("checks", [])),
            "changed_at": recorded.recorded_at,
            "body": None,
            "told_by": None,
        },
    )


def _failed(e: PlanChannelFailed, recorded: Recorded) -> Row:
    return channel_ended(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "channel": e.data["channel"],
            "version": e.version,
            "status": "failed",
            "source": "",
            "model": "",
            "summary": "",
            "opportunities": "[]",
            "phases": "[]",
            "repairs": "[]",
            "limits": "[]",
            "code": e.data["code"],
            "reason": e.data["reason"],
            "fallback": "[]",
            "unmatched": "[]",
            "agent_use": "[]",
            "checks": "[]",
            "changed_at": recorded.recorded_at,
            "body": None,
            "told_by": None,
        },
    )


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
