"""Every scenario by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from local.chaos.faults import agents, clocks, places, processes, records, sessions
from local.chaos.scene import Fault
from local.chaos.site import Spec

PLAIN: Final = Spec()
AGENT: Final = Spec(
    agent=True,
    env=(
        ("MARKETPLACE_AGENT_DEADLINE", str(agents.DEADLINE_S)),
        ("MARKETPLACE_AGENT_ATTEMPTS", "2"),
        ("MARKETPLACE_ANALYSIS_DUE", "6"),
        ("MARKETPLACE_BREAKER_RESET", "5"),
    ),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is broken, and on what.

    `rate`: plans a second, as a share of the usual. `silent`: the system need not say anything, as long as nobody
    waits. `refuses`: what answers is itself broken, so approvals may be refused until it has healed.
    """

    name: str
    summary: str
    fault: Fault
    spec: Spec = PLAIN
    rate: float = 1.0
    silent: bool = False
    refuses: bool = False


_ALL: Final = (
    Scenario("kill-worker", "SIGKILL to the agents' worker", processes.kill("worker")),
    Scenario("kill-projections", "SIGKILL to the projections", processes.kill("projections")),
    Scenario("kill-gateway", "SIGKILL to the gateway", processes.kill("gateway"), refuses=True),
    Scenario("kill-broker", "SIGKILL to the only broker", processes.kill("broker")),
    Scenario("postgres-restart", "the database is restarted, or killed", processes.restart_postgres, refuses=True),
    Scenario("killed-backend", "the process of one database session is killed", sessions.kill_a_backend, refuses=True),
    Scenario("lost-sessions", "sessions of the database end, one after the other", sessions.lose_sessions, silent=True),
    Scenario("no-connections", "somebody takes all connections", sessions.use_up_connections, refuses=True),
    Scenario("held-lock", "somebody's transaction lets nobody write plans", sessions.hold_a_lock),
    Scenario("frozen-worker", "SIGSTOP to the agents' worker", processes.freeze("worker")),
    Scenario("duplicate-delivery", "records come again", records.deliver_again, silent=True),
    Scenario("poison-record", "records that nobody can read, between the real ones", records.poison),
    Scenario("rebalance-storm", "workers and runners join and leave", processes.rebalance_storm),
    Scenario("slow-agent", "answers come too late", agents.behave(f"slow:{3 * agents.DEADLINE_S}"), AGENT, rate=0.2),
    Scenario("lying-agent", "answers are no plan, or no answer", agents.lie, AGENT, rate=0.2),
    Scenario("hanging-agent", "no answer ever comes", agents.behave("hang"), AGENT, rate=0.2),
    Scenario(
        "broker-partition",
        "one of three brokers is cut off from everybody",
        places.part_from_a_broker,
        Spec(island=True),
    ),
    Scenario(
        "disk-full",
        "the disk of broker or database is full",
        places.fill_a_disk,
        Spec(small_disks=768),
        refuses=True,
    ),
    Scenario("clock-jump", "wall clocks jump by seconds and hours", clocks.jump, Spec(skewed=True), silent=True),
)
SCENARIOS: Final = {scenario.name: scenario for scenario in _ALL}
