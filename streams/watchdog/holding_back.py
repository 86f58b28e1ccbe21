"""The breakers that hold a plan's calls back, and how long ago a person's pause of them ended. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schemas.channels import CHANNELS
from schemas.flags import Flag
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import System, Wait


def concerning(names: Iterable[str], wait: Wait, system: System) -> list[str]:
    """Return those of these breakers past which the calls for a plan's missing channels have to go.

    The plan's own is among them: the watchdog opens it, too, but for other reasons.
    """
    if Flag.CIRCUIT_BREAKER in system.off:
        return []
    return [name for name in names if _concerns(name, wait, system.agents)]


def resumed_s(wait: Wait, system: System) -> float | None:
    """Return how many seconds ago a person's pause of an analysis ended; None without a pause since it waits.

    A person trips a breaker, or switches queue processing off.
    """
    ended = [s for name, s in system.released_s.items() if _concerns(name, wait, system.agents)]
    return min((s for s in (*ended, system.resumed_s) if s < wait.waited_s), default=None)


def on_our_account(wait: Wait, system: System, patience: Patience) -> Wait:
    """Return a wait that counts from the end of a pause that a person made.

    An analysis has all its time again from then, like one just requested: others wait before it. Phase 1 is made at
    once wherever it waits, and only a person is told of it no sooner than when it is late from then.
    """
    if wait.kind == "phase1":
        return replace(wait, late_s=min(wait.late_s, system.resumed_s))
    resumed = resumed_s(wait, system)
    if resumed is None:
        return wait
    return replace(wait, waited_s=resumed, late_s=resumed - patience.analysis_due_s)


def _concerns(name: str, wait: Wait, agents: frozenset[str] | None) -> bool:
    """Judge by the name: agent:<host>/<model> is for all channels, agent:<host>/<model>:<channel> for one of them."""
    if not name.startswith("agent:"):
        return name == f"plan:{wait.plan_id}"
    agent, _, channel = name.rpartition(":")  # a host's port and a model's tag have colons of their own
    if agents is not None:
        return name in agents or (agent in agents and channel in wait.missing)
    return channel in wait.missing or channel not in CHANNELS
