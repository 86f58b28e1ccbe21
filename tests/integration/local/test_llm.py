"""The stand-in chat server as its own process, as a user starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from local.llm.answers import ANSWERS
from local.llm.behaviours import BEHAVIOURS
from tests.support.patience import PATIENCE_S


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    command = [sys.executable, "-m", "local.llm", "--port", "0", "--behaviour", "status:503", "--behaviour", "good"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield found.group()
        process.terminate()
        process.wait(60)


def ask(url: str, model: str = "any") -> httpx.Response:
    body = {"model": model, "messages": [{"role": "user", "content": "Plan for the channel Shopee (shopee)."}]}
    return httpx.post(f"{url}/chat/completions", json=body, timeout=PATIENCE_S)


def test_the_script_answers_in_order_and_its_last_line_stays(url: str) -> None:
    assert [ask(url).status_code for _ in range(3)] == [503, 200, 200]


def test_the_control_endpoint_sets_the_script_and_tells_what_was_served(url: str) -> None:
    control = url.removesuffix("/v1") + "/control"
    assert httpx.put(control, json={"behaviours": ["rate-limit:7", "good"]}).status_code == 200
    limited = ask(url)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    assert ask(url).status_code == 200
    told = httpx.get(control).json()
    assert told["behaviours"] == ["good"]
    assert [s["behaviour"] for s in told["served"]][-2:] == ["rate-limit:7", "good"]


@pytest.mark.parametrize("wrong", [{"behaviours": ["no-such"]}, {"behaviours": []}, {}, [], {"behaviours": [1]}])
def test_a_wrong_script_is_refused(url: str, wrong: object) -> None:
    assert httpx.put(url.removesuffix("/v1") + "/control", json=wrong).status_code == 400


def test_a_model_named_like_a_behaviour_is_that_behaviour(url: str) -> None:
    assert ask(url, "status:418").status_code == 418
    assert ask(url, "not-json").json()["choices"][0]["message"]["content"].startswith("O canal vai bem")


def test_every_behaviour_is_listed_as_a_model(url: str) -> None:
    listed = {model["id"] for model in httpx.get(f"{url}/models").json()["data"]}
    assert listed == {*ANSWERS, *BEHAVIOURS}


def test_a_body_that_is_no_request_is_a_400(url: str) -> None:
    assert httpx.post(f"{url}/chat/completions", content=b"nonsense").status_code == 400


def test_an_unknown_behaviour_is_told_at_the_start() -> None:
    command = [sys.executable, "-m", "local.llm", "--behaviour", "no-such"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert ended.returncode == 2
    assert "no-such" in ended.stderr
