"""Every drill on a system of its own kind, once, with another seed each time: all promises are kept.

The thresholds are those of docs/reliability.md. A failure names its seed: `python -m local.chaos NAME --seed N`.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from local.chaos.__main__ import THRESHOLDS, outcomes
from local.chaos.run import Pace
from local.chaos.scenarios import SCENARIOS, Scenario
from local.chaos.verdict import failures

#: Enough that a fault meets plans in every state, little enough for a machine that tests other things, too.
PACE = Pace(rate=15.0, plans=150)


def by_system() -> list[list[Scenario]]:
    """Scenarios of one kind share a system: starting one takes longer than most of them."""
    kinds: dict[object, list[Scenario]] = {}
    for scenario in SCENARIOS.values():
        kinds.setdefault(scenario.spec, []).append(scenario)
    return list(kinds.values())


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("scenarios", by_system(), ids=lambda found: found[0].name)
def test_every_promise_is_kept(scenarios: list[Scenario], random_source: Callable[[], int]) -> None:
    seed = random_source()

    found = list(outcomes(scenarios, [seed], PACE, keep=False))

    broken = {o.scenario: failures(o, THRESHOLDS) for o in found if failures(o, THRESHOLDS)}
    assert broken == {}, json.dumps(broken, indent=1)  # whole: a run takes minutes, and may not fail again
    assert [o.scenario for o in found] == [s.name for s in scenarios]
    assert min(o.plans for o in found) > 0
    assert [o.scenario for o in found if o.histories < o.plans] == []
