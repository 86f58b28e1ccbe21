"""A gateway whose connections are all taken is told, and follows from the lock that its statements wait for."""

from __future__ import annotations

import pytest

from gateway.verdict.causes import follows
from gateway.verdict.kinds import Kind
from gateway.verdict.reading import as_gateways_say
from tests.unit.gateway.verdict.examples import and_also, finding, gateway, kinds, process, seen


@pytest.mark.parametrize(("full_s", "told"), [(0.0, []), (1.0, []), (1.1, [Kind.POOL_FULL])])
def test_it_is_told_once_somebody_has_waited_for_more_than_a_second(full_s: float, told: list[Kind]) -> None:
    assert kinds(seen(pool_full_s=full_s)) == told


def test_the_alert_engine_knows_it_from_heartbeats_of_whichever_gateway_is_worst() -> None:
    full = process("gateway", source="gateway-2", progress={"pool_full_s": 3.5})

    assert as_gateways_say(and_also(full)).pool_full_s == 3.5
    assert as_gateways_say(and_also(gateway(9, 0))).pool_full_s == 0.0  # one of an earlier version does not say


def test_it_follows_from_a_lock_and_failing_requests_follow_from_it() -> None:
    assert follows(finding(Kind.POOL_FULL), finding(Kind.LOCK_KEPT))
    assert follows(finding(Kind.REQUESTS_FAILING), finding(Kind.POOL_FULL))
    assert not follows(finding(Kind.LOCK_KEPT), finding(Kind.POOL_FULL))
