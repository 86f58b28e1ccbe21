"""Which breakers concern a plan, and since when a person lets its calls go again. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.channels import CHANNELS
from streams.watchdog.seen import System, Wait


def concerning(names: Iterable[str], wait: Wait, system: System) -> list[str]:
    """Return those of these breakers past which the calls for a plan's missing channels have to go.

    The plan's own is among them: the watchdog opens it, too, but for other reasons.
    """
    if "circuit_breaker" in system.off:
        return []
    return [name for name in names if _concerns(name, wait, system.agents)]


def resumed_s(wait: Wait, system: System) -> float | None:
    """Return for how long a plan may go on after a person held it back; None where nobody has, while it waited."""
    ended = [s for name, s in system.released_s.items() if s < wait.waited_s and _concerns(name, wait, system.agents)]
    return min(ended, default=None)


def _concerns(name: str, wait: Wait, agents: frozenset[str] | None) -> bool:
    """Judge by the name: agent:<host>/<model> is for all channels, agent:<host>/<model>:<channel> for one of them."""
    if not name.startswith("agent:"):
        return name == f"plan:{wait.plan_id}"
    agent, _, channel = name.rpartition(":")  # a host's port and a model's tag have colons of their own
    if agents is not None:
        return name in agents or (agent in agents and channel in wait.missing)
    return channel in wait.missing or channel not in CHANNELS
