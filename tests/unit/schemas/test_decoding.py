"""What a codec does not know: an event of a newer version, bytes of nobody, or a registry that cannot say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from schemas import decoding
from schemas.catalogue import newest
from schemas.decoding import AWAY_FOR_S, REMEMBERED, UNKNOWN_FOR_S, Decoder, RegistryAway
from schemas.registry import Registry
from schemas.wire import Codec, Undecodable, UnknownSchema
from tests.support.events import uploaded
from tests.support.odd_registry import OddRegistry, odd_registry
from tests.support.patience import PATIENCE_S

ID = 7
TOPIC = "plan.events"
VALUE = Codec({(TOPIC, "plan.uploaded"): ID}, {}).encode(TOPIC, uploaded())
KNOWN = json.dumps({"schema": json.dumps(newest("plan.uploaded").raw)}).encode()


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def site() -> Iterator[OddRegistry]:
    with odd_registry(body=KNOWN) as made:
        yield made


@pytest.fixture
def decoder(site: OddRegistry, clock: Time, monkeypatch: pytest.MonkeyPatch) -> Decoder:
    """A decoder that waits for every answer: a busy machine is no registry that hangs."""
    monkeypatch.setattr(decoding, "PATIENCE_S", 60.0)
    return Decoder(Codec({}, {}), Registry(site.url), clock=clock)


async def test_what_the_registry_knows_is_learnt_once(site: OddRegistry, decoder: Decoder) -> None:
    assert [await decoder.decode(VALUE) for _ in range(3)] == [uploaded()] * 3
    assert site.asked == [f"/schemas/ids/{ID}"]


@pytest.mark.parametrize("status", [400, 404, 405, 410, 422])
async def test_a_registry_that_refuses_the_id_does_not_know_it(
    site: OddRegistry, decoder: Decoder, clock: Time, status: int
) -> None:
    site.status, site.body = status, b"[]"
    for _ in range(3):
        with pytest.raises(UnknownSchema):
            await decoder.decode(VALUE)
    assert len(site.asked) == 1

    site.status, site.body = 200, KNOWN  # registered since
    clock.now += UNKNOWN_FOR_S
    assert await decoder.decode(VALUE) == uploaded()


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 502, 503])
async def test_a_registry_that_is_not_well_says_nothing_of_the_record(
    site: OddRegistry, decoder: Decoder, clock: Time, status: int
) -> None:
    site.status = status
    for _ in range(3):
        with pytest.raises(RegistryAway):
            await decoder.decode(VALUE)
    assert len(site.asked) == 1

    site.status = 200
    clock.now += AWAY_FOR_S
    assert await decoder.decode(VALUE) == uploaded()


@pytest.mark.parametrize(
    ("body", "short"),
    [(KNOWN, 9), (KNOWN[:30], 0), (b"<html>a proxy</html>", 0), (b"[]", 0), (b'{"id": 7}', 0), (b"\xff", 0)],
    ids=["cut off", "half", "a page", "a list", "no schema", "no text"],
)
async def test_half_an_answer_says_nothing_of_the_record(
    site: OddRegistry, decoder: Decoder, body: bytes, short: int
) -> None:
    site.body, site.short = body, short
    with pytest.raises(RegistryAway):
        await decoder.decode(VALUE)


async def test_a_registry_that_hangs_holds_nobody_up_and_counts_when_it_answers(
    site: OddRegistry, decoder: Decoder, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PATIENCE_S", 0.1)
    site.answers.clear()
    for _ in range(3):
        with pytest.raises(RegistryAway, match="has not answered"):
            await decoder.decode(VALUE)
        clock.now += 2 * AWAY_FOR_S  # however long that is ago: it is not asked again before it has answered

    site.answers.set()
    async with asyncio.timeout(PATIENCE_S):
        while decoder._late:
            await asyncio.sleep(0.02)

    assert await decoder.decode(VALUE) == uploaded()
    assert len(site.asked) == 1


async def test_a_late_answer_that_the_id_is_unknown_counts_too(
    site: OddRegistry, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PATIENCE_S", 0.1)
    site.answers.clear()
    with pytest.raises(RegistryAway, match="has not answered"):
        await decoder.decode(VALUE)
    site.status = 404
    site.answers.set()
    async with asyncio.timeout(PATIENCE_S):
        while decoder._late:
            await asyncio.sleep(0.02)

    with pytest.raises(UnknownSchema):
        await decoder.decode(VALUE)
    assert len(site.asked) == 1


async def test_a_registry_that_is_gone_says_nothing_of_the_record() -> None:
    with pytest.raises(RegistryAway):
        await Decoder(Codec({}, {}), Registry("http://127.0.0.1:1")).decode(VALUE)


@pytest.mark.parametrize(
    "schema",
    ['syntax = "proto3";', '"string"', '{"type": "record", "name": "Order", "namespace": "shop", "fields": []}'],
)
async def test_a_schema_of_others_is_undecodable(site: OddRegistry, decoder: Decoder, schema: str) -> None:
    site.body = json.dumps({"schema": schema}).encode()
    with pytest.raises(Undecodable) as caught:
        await decoder.decode(VALUE)
    assert caught.value.code == "unknown-type"


async def test_any_number_of_damaged_records_is_remembered_within_bounds(decoder: Decoder) -> None:
    for number in range(REMEMBERED + 10):
        decoder._remember(number)
    assert len(decoder._unknown) <= REMEMBERED


async def test_without_a_registry_a_codec_is_all_there_is() -> None:
    with pytest.raises(UnknownSchema):
        await Decoder(Codec({}, {}), None).decode(VALUE)
