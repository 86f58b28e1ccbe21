"""The mark of a verdict. While it stays the same, the same things are wrong, and no open page needs a reload. Pure."""

from __future__ import annotations

from hashlib import blake2s

from gateway.verdict.finding import Finding, Verdict
from gateway.verdict.traits import PASSING


def mark_of(verdict: Verdict) -> str:
    """Return a key that stays the same as long as the same things are wrong; a view has that of the whole."""
    if verdict.mark:
        return verdict.mark
    runs = verdict.snapshot.operations
    told = (
        [_told(finding) for finding in verdict.findings],
        [(process.source, process.connected, process.well) for process in runs.processes],
        [(flag.name, flag.enabled) for flag in runs.flags],
        [(plan.plan_id, plan.kind, plan.attempts) for plan in runs.stalled],
    )
    return blake2s(repr(told).encode(), digest_size=8).hexdigest()


def _told(finding: Finding) -> tuple[object, ...]:
    lasting = [(name, value) for name, value in finding.values.items() if finding.traits.values[name] not in PASSING]
    return finding.kind.value, finding.subject, sorted(lasting, key=lambda pair: pair[0])
