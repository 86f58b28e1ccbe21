"""CPU time by process of the system, so that a figure says where the time goes."""

from __future__ import annotations

import psutil

from local.stack import Stack


def cpu_seconds(stack: Stack) -> dict[str, float]:
    """Return the CPU seconds that each process (with its children) has used, and those of this one."""
    used: dict[str, float] = {}
    for name, state in stack.state.processes.items():
        if state.pid is None:
            continue
        try:
            process = psutil.Process(state.pid)
            family = [process, *process.children(recursive=True)]
            used[name] = sum(sum(p.cpu_times()[:2]) for p in family)
        except psutil.NoSuchProcess:
            continue
    own = psutil.Process().cpu_times()
    used["client"] = own.user + own.system
    return used


def per_plan(before: dict[str, float], after: dict[str, float], plans: int) -> dict[str, float]:
    """Return microseconds of CPU a plan, by process, biggest first."""
    spent = {name: (after[name] - before.get(name, 0.0)) / plans * 1e6 for name in after}
    return dict(sorted(((n, s) for n, s in spent.items() if s >= 1), key=lambda pair: -pair[1]))
