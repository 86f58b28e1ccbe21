"""Tokens come from a file or a provider, are kept for most of their life, and what is missing is told with its mend."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiokafka import conn
from aiokafka.errors import SaslAuthenticationFailed

from schemas.process import broker_token as module
from schemas.process.broker_token import NoToken, Token, Tokens, from_file, from_provider
from tests.support.set_clock import SetClock
from tests.support.token_provider import CLIENT, SECRET, Provider, token_provider

NAMES = "MARKETPLACE_BROKER_USER and MARKETPLACE_BROKER_PASSWORD"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with token_provider() as running:
        yield running


async def test_a_file_is_read_for_each_connection(tmp_path: Path) -> None:
    file = tmp_path / "token"
    tokens = Tokens(from_file(file, "FILE"))
    file.write_text("one.two.three\n")
    assert await tokens.token() == "one.two.three"

    file.write_text("four.five.six")

    assert await tokens.token() == "four.five.six"


@pytest.mark.parametrize("content", [None, b"", b"a token", b"\xff", b"one\ntwo"])
async def test_a_file_without_a_token_is_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(NoToken, match=r"^.*FILE (has no token|cannot be read)"):
        await Tokens(from_file(file, "FILE")).token()


async def test_a_providers_token_is_kept_for_most_of_its_life(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    monkeypatch.setattr(module, "time", clock)
    tokens = Tokens(from_provider(provider.url, CLIENT, SECRET, "kafka", NAMES))

    first = await asyncio.gather(*(tokens.token() for _ in range(5)))
    clock.now += 0.79 * provider.life_s
    assert await tokens.token() == first[0]
    assert (len(set(first)), provider.given) == (1, 1)

    clock.now += 0.02 * provider.life_s
    await tokens.token()
    assert provider.given == 2
    assert provider.asked[0] == {"grant_type": ["client_credentials"], "scope": ["kafka"]}


async def test_a_secret_that_is_wrong_is_told_and_not_quoted(provider: Provider) -> None:
    tokens = Tokens(from_provider(provider.url, CLIENT, "hunter2", "", NAMES))

    with pytest.raises(NoToken) as refused:
        await tokens.token()

    assert f"gives no token (HTTP 401, invalid_client): see to {NAMES}" in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"token": "x"}', b'{"access_token": 5}', b'{"access_token": "a b"}', b"<html>", b"null"]
)
async def test_an_answer_without_a_token_is_told(provider: Provider, body: bytes) -> None:
    provider.body = body or b" "

    with pytest.raises(NoToken, match="answers without an access_token: is it the provider's token endpoint"):
        await Tokens(from_provider(provider.url, CLIENT, SECRET, "", NAMES)).token()


async def test_a_provider_that_tells_no_life_is_asked_again_within_a_minute(provider: Provider) -> None:
    provider.body = b'{"access_token": "x"}'

    assert from_provider(provider.url, CLIENT, SECRET, "", NAMES)() == Token("x", 60.0)


async def test_a_provider_that_is_away_is_told() -> None:
    with pytest.raises(NoToken, match=r"http://127.0.0.1:1/token cannot be reached"):
        await Tokens(from_provider("http://127.0.0.1:1/token", CLIENT, SECRET, "", NAMES)).token()


async def test_a_broker_that_answers_a_token_with_a_word_refuses_it() -> None:
    """The library alone takes any answer for a welcome."""

    async def good() -> str:
        return "one.two.three"

    speaking = conn.OAuthAuthenticator(sasl_oauth_token_provider=SimpleNamespace(token=good))
    assert await speaking.step(None) == (b"n,,\x01auth=Bearer one.two.three\x01\x01", True)

    with pytest.raises(
        SaslAuthenticationFailed, match=r"refuses this process's token: .*invalid_token.*It may be over"
    ):
        await speaking.step(b'{"status":"invalid_token"}')
    assert await speaking.step(b"") is None
