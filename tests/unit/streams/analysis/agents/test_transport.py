"""What a server says of a failure is told nowhere: the sentence is ours, with the status and what to do."""

from __future__ import annotations

import pytest

SECRET = "sk-abc1wxyz of ana.souza@loja.example.com, prompt: Vestido"


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (400, "bad_request", "the agent refused the request with 400: it does not take what is sent;"),
        (401, "key", "the agent refused the request with 401: it does not take the key; check the key of this agent"),
        (403, "forbidden", "the agent refused the request with 403: the key may not do this;"),
        (404, "not_found", "the agent refused the request with 404: it knows no such model or address; check both"),
        (413, "too_long", "the prompt is too long for the agent"),
        (429, "rate_limit", "the agent answered 429: it takes no more calls for now;"),
        (503, "server_error", "the agent answered 503: its server has an error;"),
    ],
)
def test_a_servers_words_are_not_told(status: int, kind: str, told: str) -> None:
    import httpx2  # here, not at the top: whoever collects tests would wait for it
    import openai

    from gateway.verdict.words.own import own
    from gateway.verdict.words.speech import ENGLISH
    from streams.analysis.agents.transport import from_status

    response = httpx2.Response(status, request=httpx2.Request("POST", "http://agent.test/v1"))
    body = {"message": SECRET, "code": SECRET, "type": SECRET, "param": SECRET}
    error = from_status(openai.APIStatusError(SECRET, response=response, body=body))
    assert str(error).startswith(told)
    assert not any(word in str(error) for word in ("sk-abc1wxyz", "ana.souza", "Vestido", "prompt:"))
    assert vars(error)["kind"] == kind
    assert own(str(error), ENGLISH) == str(error), "a sentence that pages say in the reader's language"


@pytest.mark.parametrize(
    ("said", "is_too_long"),
    [("maximum context length is 8192 tokens", True), (f"{SECRET} unsupported parameter", False)],
)
def test_a_servers_words_are_looked_at(said: str, is_too_long: bool) -> None:
    import httpx2
    import openai

    from streams.analysis.agents.transport import from_status

    response = httpx2.Response(400, request=httpx2.Request("POST", "http://agent.test/v1"))
    error = from_status(openai.BadRequestError("x", response=response, body={"message": said}))
    assert (vars(error)["kind"] == "too_long") is is_too_long
