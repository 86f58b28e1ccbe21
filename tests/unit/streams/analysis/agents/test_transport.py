"""What a server says of a failure stands on the plan: without what says whose account it is."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Incorrect API key provided: sk-abc1****wxyz.", "Incorrect API key provided: ***."),
        ("Rate limit reached for org-AbC123xyz on tokens", "Rate limit reached for *** on tokens"),
        ("Ask ana.souza@loja.example.com to pay", "Ask *** to pay"),
        ("Authorization was Bearer eyJhbGciOi", "Authorization was ***"),
        ("The model `gpt-4o-mini-2024-07-18` does not exist", "The model `gpt-4o-mini-2024-07-18` does not exist"),
        ("line\x1b[31m\0\none", "line [31m one"),
    ],
)
def test_no_account_is_named(said: str, kept: str) -> None:
    import httpx2  # here, not at the top: whoever collects tests would wait for it
    import openai

    from streams.analysis.agents.transport import from_status

    response = httpx2.Response(400, request=httpx2.Request("POST", "http://agent.test/v1"))
    told = str(from_status(openai.BadRequestError("x", response=response, body={"message": said})))
    assert told == f"the agent refused the request with 400: {kept}"
