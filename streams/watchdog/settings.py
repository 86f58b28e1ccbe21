"""The watchdog's times, read once from the environment. All in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.process.settings import one_of, positive
from streams.settings import analysis_due


@dataclass(frozen=True, slots=True)
class Patience:
    """The times of deadlines, recoveries and escalation.

    `phase1_due_s`: after an approval until Phase 1 and all its tasks can be read. `analysis_due_s`: after an upload
    until the analysis can be read. `recheck_s`: between two recoveries of one plan, growing with their number.
    `attempts`: recoveries until the plan is escalated to a person, and `escalate_s`: how long after the deadline it is
    escalated in any case. `busy_s`: a plan that merely waits in a backlog is given that long in all.
    `frozen_s`: a process without heartbeats that keeps its connection; `stopped_s`: one that is also seen to be stopped
    by a signal, which no slow machine does. `deaf_s`: a process that moves nothing
    while something waits for it.
    `settle_s`: after the watchdog's (new) connection to the database, while the others may still be on their way back,
    too. `young_s`: after its start a process is not deaf: it may wait for the partitions of one that was killed.
    `tick_s`: between two looks while something is late or gone; `quiet_s`: while nothing is.
    `kill`: whether a frozen process of this machine is killed, so that its supervisor starts it again.
    """

    phase1_due_s: float = 1.0
    analysis_due_s: float = 75.0
    recheck_s: float = 2.0
    attempts: int = 3
    escalate_s: float = 20.0
    busy_s: float = 600.0
    frozen_s: float = 3.0
    stopped_s: float = 1.5
    deaf_s: float = 10.0
    settle_s: float = 4.0
    young_s: float = 20.0
    kill: bool = True
    tick_s: float = 0.2
    quiet_s: float = 0.5

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Patience:
        """Read and check. Raises SettingsError."""
        return cls(
            phase1_due_s=positive(env, "MARKETPLACE_PHASE1_DUE", DEFAULT.phase1_due_s),
            analysis_due_s=analysis_due(env),
            escalate_s=positive(env, "MARKETPLACE_ESCALATE_AFTER", DEFAULT.escalate_s),
            deaf_s=positive(env, "MARKETPLACE_LAG_PATIENCE", DEFAULT.deaf_s),
            settle_s=positive(env, "MARKETPLACE_RECONNECT_PATIENCE", DEFAULT.settle_s),
            young_s=positive(env, "MARKETPLACE_START_PATIENCE", DEFAULT.young_s),
            kill=one_of(env, "MARKETPLACE_WATCHDOG_KILL", "on", "on", "off") == "on",
        )

    def due_s(self, kind: str) -> float:
        """Return how long a wait of this kind may take."""
        return self.phase1_due_s if kind == "phase1" else self.analysis_due_s


DEFAULT: Final = Patience()
