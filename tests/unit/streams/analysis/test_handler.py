"""plan.uploaded -> one analysis.requested for each channel: the same on every run."""

from __future__ import annotations

from schemas.wire import check
from streams.analysis.handler import handle
from tests.support.events import DOCUMENT, PLAN, uploaded


def test_one_request_for_each_channel() -> None:
    requests = handle(uploaded(["amazon", "shopee"], priority="high"))
    assert [r.type for r in requests] == ["analysis.requested"] * 2
    assert [r.data for r in requests] == [
        {"plan_id": PLAN, "document_id": DOCUMENT, "channel": channel, "priority": "high"}
        for channel in ("amazon", "shopee")
    ]
    assert [(r.stream, r.version) for r in requests] == [(f"work-{PLAN}.amazon", 1), (f"work-{PLAN}.shopee", 1)]


def test_requests_fit_and_hang_on_their_cause() -> None:
    source = uploaded()
    for request in handle(source):
        check(request)
        assert (request.causation_id, request.correlation_id) == (source.event_id, PLAN)


def test_twice_handled_twice_the_same_and_the_order_of_channels_is_no_matter() -> None:
    assert handle(uploaded(["amazon", "shopee"])) == handle(uploaded(["amazon", "shopee"]))
    by_channel = {r.data["channel"]: r.event_id for r in handle(uploaded(["amazon", "shopee"]))}
    assert by_channel == {r.data["channel"]: r.event_id for r in handle(uploaded(["shopee", "amazon"]))}
    assert len(set(by_channel.values())) == 2
