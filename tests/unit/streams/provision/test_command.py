"""`python -m streams.provision`: which exit status says what, and what each action does before it says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.process import start
from schemas.process.settings import SettingsError
from schemas.process.signing import Signing
from schemas.registry import RegistryError
from schemas.signing import parse
from streams.provision import __main__ as command
from streams.provision.growing import NotGrown
from streams.provision.provisioner import Drift
from streams.settings import Settings
from tests.unit.streams.provision.test_provisioner import NO_SETTINGS

MISSING = Drift(missing_schemas=[("plan.events", "plan.approved")])
FOR_A_PERSON = Drift(unfixable=["topic plan.events has 6 partitions, not 12"])
SIGNED = replace(NO_SETTINGS, signing=Signing(parse("new " + "a1" * 32 + "\nold " + "b2" * 32)))


class System:
    """What the command does, in order; `drifts` are what is found, one after the other, the last one for good."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, drifts: Sequence[Drift] = ()) -> None:
        self.done: list[Any] = []
        self._drifts = list(drifts)
        monkeypatch.setattr(command, "Provisioner", lambda _: self)
        for name in ("demand_home", "tell_applied", "begin_belief", "end_belief", "grow"):
            monkeypatch.setattr(command, name, self._noting(name))

    def _noting(self, name: str) -> Callable[..., Awaitable[int]]:
        async def note(_settings: Settings, *given: Any, **named: Any) -> int:
            self.done.append((name, *given, *named.values()))
            return 3

        return note

    async def find_drift(self) -> Drift:
        return self._drifts.pop(0) if len(self._drifts) > 1 else self._drifts[0]

    async def apply(self, drift: Drift) -> None:
        self.done.append(("apply", drift))


async def test_a_plan_says_what_differs_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    system = System(monkeypatch, [MISSING])

    assert await command.run("plan", NO_SETTINGS) == 2
    assert capsys.readouterr().out == "+ schema plan.events-marketplace.plan.PlanApproved\n"
    assert system.done == [("demand_home", False)]


@pytest.mark.parametrize(("action", "begun"), [("plan", []), ("apply", [("begin_belief",)])])
async def test_where_nothing_differs_signing_begins_with_apply_alone(
    monkeypatch: pytest.MonkeyPatch, action: str, begun: list[Any]
) -> None:
    system = System(monkeypatch, [Drift()])

    assert await command.run(action, NO_SETTINGS) == 0
    assert system.done == [("demand_home", action == "apply"), *begun]


async def test_signing_begins_once_the_broker_shows_what_was_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    system = System(monkeypatch, [MISSING, MISSING, Drift()])

    assert await command.run("apply", NO_SETTINGS) == 0
    assert system.done == [
        ("demand_home", True),
        ("apply", MISSING),
        ("tell_applied", MISSING.lines()),
        ("begin_belief",),
    ]


async def test_what_a_person_has_to_do_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SETTLE_S", 3600.0)
    system = System(monkeypatch, [FOR_A_PERSON])

    assert await command.run("apply", NO_SETTINGS) == 2
    assert system.done[-1] == ("begin_belief",)


async def test_a_broker_that_never_shows_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SETTLE_S", 0.0)
    System(monkeypatch, [MISSING])

    assert await command.run("apply", NO_SETTINGS) == 2


@pytest.mark.parametrize("key", ["new", "stranger"])
async def test_the_key_that_signs_and_an_unknown_one_are_not_retired(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    system = System(monkeypatch)

    assert await command.retire(key, SIGNED) == 2
    assert system.done == [("demand_home", False)]
    assert capsys.readouterr().out.startswith(f"{key} is not a key that can be retired")


async def test_a_retired_key_is_believed_up_to_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    system = System(monkeypatch)

    assert await command.retire("old", SIGNED) == 0
    assert system.done == [("demand_home", False), ("end_belief", "old")]
    assert capsys.readouterr().out.startswith("records of key old are believed up to here, in 3 partitions\n")


async def test_partitions_are_added(monkeypatch: pytest.MonkeyPatch) -> None:
    system = System(monkeypatch)

    assert await command.add(24, NO_SETTINGS) == 0
    assert system.done == [("demand_home", True), ("grow", 24)]


async def test_why_no_partitions_were_added_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    System(monkeypatch)

    async def refuse(_settings: Settings, _wanted: int) -> None:
        raise NotGrown("a rebuild is under way")

    monkeypatch.setattr(command, "grow", refuse)
    assert await command.add(24, NO_SETTINGS) == 2
    assert capsys.readouterr().out == "a rebuild is under way\n"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SettingsError("another prefix"), command.WRONG_USE),
        (RegistryError(500, 50001, "error"), start.FAILED),
        (OSError("refused"), start.FAILED),
    ],
)
async def test_a_wrong_setting_and_a_server_that_is_away_have_their_exit_status(error: Exception, status: int) -> None:
    async def act(_settings: Settings) -> int:
        raise error

    assert await command._act(act, NO_SETTINGS) == status


@pytest.mark.parametrize("words", [[], ["plans"], ["retire"], ["grow"], ["grow", "-2"], ["grow", "²"], ["plan", "all"]])
def test_wrong_use_is_told_from_a_difference(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["provision", *words])

    assert command.main() == command.WRONG_USE == 64
    assert capsys.readouterr().err.startswith("usage: ")


@pytest.mark.parametrize(
    ("words", "action", "given"),
    [
        (["apply"], "run", "apply"),
        (["plan"], "run", "plan"),
        (["retire", "old"], "retire", "old"),
        (["grow", "24"], "add", 24),
    ],
)
def test_the_words_choose_the_action(
    monkeypatch: pytest.MonkeyPatch, words: list[str], action: str, given: object
) -> None:
    begun: list[Any] = []

    def run_command(name: str, _settings: Any, main: Any, *, refused: int) -> int:
        act = main.args[0]
        begun.append((name, act.func.__name__, *act.args, refused))
        return 0

    monkeypatch.setattr(start, "run_command", run_command)
    monkeypatch.setattr("sys.argv", ["provision", *words])

    assert command.main() == 0
    assert begun == [("provision", action, given, command.WRONG_USE)]
