"""Every scenario by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.verdict.causes import REFUSES
from gateway.verdict.kinds import Kind
from local.chaos.faults import agents, clocks, places, processes, records, sessions
from local.chaos.scene import Fault
from local.chaos.site import Spec
from schemas.process.liveness import HEARTBEAT_S
from streams.watchdog.settings import Patience

PLAIN: Final = Spec()
INSTALLED: Final = Spec(patient=True)
AGENT: Final = Spec(
    agent=True,
    env=(
        ("MARKETPLACE_AGENT_DEADLINE", str(agents.DEADLINE_S)),
        ("MARKETPLACE_AGENT_ATTEMPTS", "2"),
        ("MARKETPLACE_ANALYSIS_DUE", "6"),
        ("MARKETPLACE_BREAKER_RESET", "5"),
    ),
)


APART: Final = Spec(apart=True)


def _deaf(host: str) -> Spec:
    return Spec(
        env=(
            ("MARKETPLACE_FAULTS", processes.DEAF),
            ("MARKETPLACE_START_PATIENCE", "3"),
            ("MARKETPLACE_WORKER_HOST", host),
        )
    )


@dataclass(frozen=True, slots=True)
class Scenario:
    """A fault and the system that it breaks.

    `rate`: plans a second, as a share of the usual. `silent`: the system need not say anything, as long as nobody
    waits. `refuses`: what answers is itself broken, so approvals may be refused until it has healed. `tells`: the kinds
    of findings that name the cause, of which somebody outside is to be told; None where the system needs nobody.
    """

    name: str
    summary: str
    fault: Fault
    tells: frozenset[Kind] | None
    spec: Spec = PLAIN
    rate: float = 1.0
    silent: bool = False
    refuses: bool = False
    passes: bool = False  # as chance has it, it is mended before anybody need be told
    about: tuple[str, ...] = ()  # roles, one of which each message names; none where the cause is no process of ours
    strikes: bool = False  # the fault comes several times: an alert that was over may come again
    waits_s: float = 0.0  # so long the system waits on purpose before it takes the fault for one
    proves: bool = False  # who listens for the alert engine's proof of life notices


def _of(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


#: A process is away: for as long as it is, or, where it was back before anybody looked, that it was.
_GONE: Final = _of(Kind.ROLE_MISSING, Kind.PROCESS_GONE, Kind.PROCESS_SILENT)
#: Whether they grow depends on how many have come when somebody looks first.
_LETTERS: Final = _of(Kind.DEAD_LETTERS, Kind.DEAD_LETTERS_GROWING)
_WATCHDOG: Final = _of(Kind.WATCHDOG_MISSING, Kind.PROCESS_GONE)
_ALERTS: Final = _of(Kind.ALERTS_MISSING, Kind.PROCESS_GONE)
_BROKER: Final = _of(Kind.BROKER_AWAY, Kind.RELAY_FAILING)
_DATABASE: Final = _of(Kind.DATABASE_AWAY, Kind.DATABASE_HANGS, *REFUSES, Kind.SESSIONS_ENDED)
_AGENT: Final = _of(Kind.BREAKER_OPEN, Kind.BREAKER_PROBING)
#: Five errors in a row, as chance has it, open a breaker first.
_LIES: Final = _of(Kind.AGENT_UNUSABLE) | _AGENT

_ALL: Final = (
    Scenario("kill-worker", "SIGKILL to the agents' worker", processes.kill("worker"), _GONE, about=("worker",)),
    Scenario(
        "kill-projections", "SIGKILL to the projections", processes.kill("projections"), _GONE, about=("projections",)
    ),
    Scenario(
        "kill-gateway", "SIGKILL to the gateway", processes.kill("gateway"), _GONE, refuses=True, about=("gateway",)
    ),
    Scenario("kill-runner", "SIGKILL to the runner of analyses", processes.kill("runner"), _GONE, about=("runner",)),
    Scenario("kill-pump", "SIGKILL to the pump of retries", processes.kill("pump"), _GONE, about=("pump",)),
    Scenario("kill-watchdog", "SIGKILL to the watchdog", processes.kill("watchdog"), _WATCHDOG, about=("watchdog",)),
    # its proof of life stops, which somebody outside listens for; it tells of itself only where it is not well again
    Scenario(
        "kill-alerts",
        "SIGKILL to the alert engine",
        processes.kill("alerts"),
        _ALERTS,
        passes=True,
        about=("alerts",),
        proves=True,
    ),
    Scenario("kill-broker", "SIGKILL to the only broker", processes.kill("broker"), _BROKER),
    Scenario(
        "postgres-restart", "the database is restarted, or killed", processes.restart_postgres, _DATABASE, refuses=True
    ),
    Scenario(
        "killed-backend",
        "the process of one database session is killed",
        sessions.kill_a_backend,
        _DATABASE,
        refuses=True,
    ),
    Scenario(
        "lost-sessions",
        "sessions of the database end, one after the other",
        sessions.lose_sessions,
        _DATABASE,
    ),
    Scenario("no-connections", "somebody takes all connections", sessions.use_up_connections, _DATABASE, refuses=True),
    Scenario("held-lock", "somebody's transaction lets nobody write plans", sessions.hold_a_lock, _of(Kind.LOCK_KEPT)),
    Scenario(
        "full-pool",
        "many ask for what is locked, and take all connections of the gateway",
        sessions.fill_the_pool,
        _of(Kind.LOCK_KEPT, Kind.POOL_FULL),
        refuses=True,
    ),
    Scenario(
        "open-transaction",
        "somebody's transaction stays open, and keeps vacuum from its work",
        sessions.leave_a_transaction_open,
        _of(Kind.TRANSACTION_OPEN),
        Spec(env=(("MARKETPLACE_TRANSACTION_DUE", str(sessions.OPEN_S)),)),
        silent=True,
    ),
    Scenario("frozen-worker", "SIGSTOP to the agents' worker", processes.freeze("worker"), _GONE, about=("worker",)),
    *(
        Scenario(
            name,
            f"the agents' worker, by {host}, lives, with its heartbeats, and takes nothing more",
            processes.deafen_a_worker,
            _of(Kind.PROCESS_DEAF, Kind.PLANS_STALLED),
            _deaf(host),
            waits_s=Patience().deaf_s + 2 * HEARTBEAT_S,  # in the first heartbeat it moved, the last one tells the end
        )
        for name, host in (("deaf-worker", "faust"), ("deaf-worker-aiokafka", "aiokafka"))
    ),
    Scenario(
        "frozen-supervisor",
        "SIGSTOP to what starts the others, and their logs full",
        processes.freeze_the_supervisor,
        None,
        APART,
        silent=True,
    ),
    Scenario("duplicate-delivery", "records come again", records.deliver_again, None, silent=True),
    Scenario("poison-record", "records that nobody can read, between the real ones", records.poison, _LETTERS),
    Scenario(
        "rebalance-storm",
        "workers and runners join and leave",
        processes.rebalance_storm,
        _GONE,
        about=("worker", "runner"),
        strikes=True,
    ),
    Scenario(
        "slow-agent", "answers come too late", agents.behave(f"slow:{3 * agents.DEADLINE_S}"), _AGENT, AGENT, rate=0.2
    ),
    Scenario("lying-agent", "answers are no plan, or no answer", agents.lie, _LIES, AGENT, rate=0.2),
    Scenario("hanging-agent", "no answer ever comes", agents.behave("hang"), _AGENT, AGENT, rate=0.2),
    Scenario(
        "broker-partition",
        "one of three brokers is cut off from everybody",
        places.part_from_a_broker,
        _BROKER,
        Spec(island=True),
    ),
    Scenario(
        "disk-full",
        "the disk of broker or database is full",
        places.fill_a_disk,
        # a disk that was seen on its way to full is the same alert; and a database that ends in the moment in which its
        # disk is full takes the word of it along
        _of(Kind.DISK_FULL, Kind.DISK_FILLING) | _DATABASE,
        Spec(small_disks=768),
        refuses=True,
    ),
    Scenario(
        "clock-jump",
        "wall clocks jump by seconds and hours",
        clocks.jump,
        _of(Kind.CLOCKS_OFF),
        Spec(skewed=True),
        silent=True,
    ),
)
SCENARIOS: Final = {scenario.name: scenario for scenario in _ALL}


def _away(role: str, tells: frozenset[Kind], *, refuses: bool = False, ours: bool = True) -> Scenario:
    fault, summary = processes.stay_away(role), f"the {role} is killed and stays away until somebody was told"
    about = (role,) if ours else ()
    return Scenario(f"away-{role}", summary, fault, tells, INSTALLED, refuses=refuses, about=about)


#: What stays away, with the patience of an installation: these say when its people hear of it.
PATIENT: Final = {
    one.name: one
    for one in (
        *(_away(role, _GONE) for role in ("worker", "projections", "runner", "pump")),
        _away("gateway", _GONE, refuses=True),
        _away("watchdog", _WATCHDOG),
        _away("broker", _BROKER, ours=False),
        _away("postgres", _DATABASE, refuses=True, ours=False),
    )
}
