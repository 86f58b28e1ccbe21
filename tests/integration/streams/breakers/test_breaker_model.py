"""The breaker in Postgres against a model of it, through every order of failures, probes, time and people."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

#: What passes is a multiple of ten seconds, what is waited for is not: a slow machine has five seconds for each step.
FAILURES, RESET_S, SUCCESSES, PROBE_S = 3, 65.0, 2, 25.0
FOREVER = float("inf")
WHOSE = st.sampled_from(["mine", "an earlier one's", "nobody's"])


@dataclass
class Model:
    """What the breaker must be. Times are seconds from now; `retry_in` FOREVER: only a person closes it."""

    state: str = "closed"
    failures: int = 0
    successes: int = 0
    failed_ago: float = FOREVER
    retry_in: float = 0.0
    probe_left: float = 0.0
    holder: UUID | None = None  # the token of the probe that has the turn; another takes it when its time is over
    version: int = 0

    def move(self, state: str) -> None:
        self.state, self.successes, self.probe_left, self.holder = state, 0, 0.0, None
        self.version += 1

    def allow(self, enabled: bool) -> bool:
        if self.state == "closed" or not enabled:
            return True
        if self.state == "open":
            if self.retry_in > 0:
                return False
            self.move("half_open")
        elif self.probe_left > 0:
            return False
        self.probe_left = PROBE_S
        return True

    def report(self, ok: bool, enabled: bool, is_probe: bool) -> None:
        if self.state == "open" or (self.state == "half_open" and not is_probe):
            return
        if ok and self.state == "closed":
            self.failures = 0
        elif ok:
            self.successes += 1
            self.probe_left, self.holder = 0.0, None
            if self.successes == SUCCESSES:
                self.failures = 0
                self.move("closed")
        else:
            if self.state == "closed" and self.failed_ago > 5 * RESET_S:
                self.failures = 0
            self.failures += 1
            self.failed_ago = 0.0
            if self.state == "half_open" or (self.failures >= FAILURES and enabled):
                self.move("open")
                self.retry_in = RESET_S

    def trip(self, for_s: float | None) -> None:
        self.move("open")
        self.retry_in = FOREVER if for_s is None else for_s

    def reset(self) -> None:
        if self.state != "closed":
            self.move("closed")
        self.failures = 0

    def advance(self, seconds: float) -> None:
        self.retry_in -= seconds
        self.probe_left -= seconds
        self.failed_ago += seconds


class BreakerMachine(RuleBasedStateMachine):
    """One breaker of its own in a real database. Time passes by moving its times back."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.name = f"agent:{uuid4()}"
        self.model = Model()
        self.enabled = True
        self.forced_for_ever = False
        self.tokens: list[UUID] = []  # of probes, the last one's turn counts
        self.loop = asyncio.new_event_loop()
        self.connection: Any = self.loop.run_until_complete(asyncpg.connect(self.url))
        self.ask("update flow.flag set enabled = true")

    def teardown(self) -> None:
        self.loop.run_until_complete(self.connection.close())
        self.loop.close()

    def ask(self, sql: str, *args: Any) -> Any:
        return self.loop.run_until_complete(self.connection.fetchval(sql, *args))

    def token(self, whose: str) -> UUID:
        """Return the token of the probe whose turn it is, of one whose turn is over, or of nobody."""
        if whose == "mine" and self.tokens:
            return self.tokens[-1]
        return self.tokens[-2] if whose == "an earlier one's" and len(self.tokens) > 1 else UUID(int=0)

    @rule(ok=st.booleans(), whose=WHOSE)
    def report(self, ok: bool, whose: str = "mine") -> None:
        token = self.token(whose)
        self.model.report(ok, self.enabled, is_probe=self.model.holder == token)
        said = self.ask(
            "select flow.breaker_report($1, $2, 'why', $3, $4, $5, 'test', $6)",
            self.name,
            ok,
            FAILURES,
            RESET_S,
            SUCCESSES,
            token,
        )
        assert said == self.model.state

    @rule(ok=st.booleans())
    def report_as_before_there_were_tokens(self, ok: bool) -> None:
        self.model.report(ok, self.enabled, is_probe=True)
        said = self.ask(
            "select flow.breaker_report($1, $2, 'why', $3, $4, $5, 'test')", self.name, ok, FAILURES, RESET_S, SUCCESSES
        )
        assert said == self.model.state

    @rule()
    def allow(self) -> None:
        may = self.model.allow(self.enabled)
        row = self.loop.run_until_complete(
            self.connection.fetchrow(
                "select allowed, probe from flow.breaker_allow($1, $2, 'test')", self.name, PROBE_S
            )
        )
        assert row["allowed"] == may
        assert (row["probe"] is not None) == (may and self.enabled and self.model.state == "half_open")
        if row["probe"] is not None:
            assert row["probe"] not in self.tokens
            self.tokens.append(row["probe"])
            self.model.holder = row["probe"]

    @rule(whose=WHOSE)
    def release(self, whose: str) -> None:
        token = self.token(whose)
        mine = self.model.holder == token
        assert self.ask("select flow.breaker_release($1, $2)", self.name, token) is mine
        if mine:
            self.model.probe_left, self.model.holder = 0.0, None

    @rule(seconds=st.sampled_from([10.0, 20.0, 30.0, 60.0, 70.0, 330.0]))
    def advance(self, seconds: float) -> None:
        self.model.advance(seconds)
        self.ask(
            "update flow.breaker set retry_at = retry_at - make_interval(secs => $2),"
            " probe_until = probe_until - make_interval(secs => $2), failed_at = failed_at - make_interval(secs => $2)"
            " where name = $1",
            self.name,
            seconds,
        )

    @rule()
    def outage(self) -> None:
        for _ in range(FAILURES):
            self.report(ok=False)

    @rule(oks=st.lists(st.booleans(), min_size=1, max_size=3))
    def recovery(self, oks: list[bool]) -> None:
        self.advance(70.0)
        for ok in oks:
            self.allow()
            self.report(ok=ok)

    @rule(oks=st.lists(st.booleans(), min_size=1, max_size=3))
    def stragglers(self, oks: list[bool]) -> None:
        """Calls that began before it opened end while a probe is under way."""
        self.advance(70.0)
        self.allow()
        for ok in oks:
            self.report(ok=ok, whose="nobody's")

    @rule(seconds=st.sampled_from([20.0, 30.0]))
    def lost_probe(self, seconds: float) -> None:
        self.advance(70.0)
        self.allow()
        self.advance(seconds)
        self.allow()

    @rule(for_s=st.sampled_from([35.0, None]))
    def trip(self, for_s: float | None) -> None:
        unchanged = self.forced_for_ever and self.model.state == "open" and for_s is None
        if not unchanged:
            self.model.trip(for_s)
        assert self.ask("select flow.breaker_trip($1, 'me', $2, 'ana')", self.name, for_s) is not unchanged
        self.forced_for_ever = True

    @rule()
    def reset(self) -> None:
        was_open = self.model.state != "closed"
        self.model.reset()
        self.forced_for_ever = False
        assert self.ask("select flow.breaker_reset($1, 'me', 'ana')", self.name) is was_open

    @rule()
    @precondition(lambda self: self.model.version < 30)
    def switch(self) -> None:
        self.enabled = not self.enabled
        self.ask("select flow.flag_switch('circuit_breaker', $1, '', 'r', 'ana')", self.enabled)

    @invariant()
    def agrees(self) -> None:
        row = self.loop.run_until_complete(
            self.connection.fetchrow(
                "select state, failures, successes, version, forced from flow.breaker where name = $1", self.name
            )
        )
        if row is None:
            assert (self.model.state, self.model.failures) == ("closed", 0)
            return
        assert (row["state"], row["failures"], row["successes"], row["version"]) == (
            self.model.state,
            self.model.failures,
            self.model.successes,
            self.model.version,
        )
        if not row["forced"]:
            self.forced_for_ever = False

    @invariant()
    def every_change_is_an_event(self) -> None:
        versions = self.ask(
            "select coalesce(array_agg(version order by version), '{}') from decide.outbox where stream = $1",
            f"breaker-{self.name}",
        )
        assert versions == list(range(1, self.model.version + 1))


def test_the_breaker_does_as_the_model(database_url: str) -> None:
    BreakerMachine.url = database_url
    run_state_machine_as_test(
        BreakerMachine,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
