"""Makes one plan of the results of its channels. Pure."""

from __future__ import annotations

from typing import Any, Final

_RANK: Final = {"high": 0, "normal": 1, "low": 2}


def merge(plan_id: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the data of plan.analyzed.

    `results` are {"type", "data"} of plan.channel.analyzed and plan.channel.failed, in the order of the plan's
    channels. Opportunities come most urgent first, then by worth; phases with the same number become one.
    """
    analyzed = [r["data"] for r in results if r["type"] == "plan.channel.analyzed"]
    return {
        "plan_id": plan_id,
        "partial": len(analyzed) < len(results),
        "channels": [_outcome(r) for r in results],
        "opportunities": sorted(
            (o for a in analyzed for o in a["opportunities"]),
            key=lambda o: (_RANK.get(o["priority"], 1), -(o["worth_brl"] or 0.0)),
        ),
        "phases": _merge_phases(analyzed),
    }


def _outcome(result: dict[str, Any]) -> dict[str, str]:
    data = result["data"]
    if result["type"] == "plan.channel.analyzed":
        return {"channel": data["channel"], "outcome": "analyzed", "source": data["source"], "reason": ""}
    return {"channel": data["channel"], "outcome": "failed", "source": "none", "reason": data["reason"]}


def _merge_phases(analyzed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbered: dict[int, dict[str, Any]] = {}
    without_number: list[dict[str, Any]] = []
    for analysis in analyzed:
        for phase in analysis["phases"]:
            number = phase["number"]
            if number is None:
                without_number.append(phase)
            elif number not in numbered:
                numbered[number] = {**phase, "tasks": list(phase["tasks"])}
            else:
                merged = numbered[number]
                merged["tasks"] += phase["tasks"]
                for text in ("investment", "expected_impact"):
                    merged[text] = _joined(merged[text], phase[text])
    return [numbered[n] for n in sorted(numbered)] + without_number


def _joined(left: str, right: str) -> str:
    """Join two texts for people, without saying the same thing twice."""
    if not right or right in left:
        return left
    return f"{left}; {right}" if left else right
