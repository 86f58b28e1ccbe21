"""The envelope of a completion, as servers send it and as they should not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.analysis.agents.envelope import NAME_LIMIT, Heading, NotACompletion, Usage, read_envelope
from streams.analysis.agents.errors import AgentRejected, AnswerUnusable


def body(message: Any, finish_reason: Any = "stop", **more: Any) -> bytes:
    return json.dumps({"choices": [{"message": message, "finish_reason": finish_reason}], **more}).encode()


def test_a_plain_completion() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5}
    read = read_envelope(body({"content": "olá"}, model="m-1", usage=usage))
    assert (read.text, read.finish_reason, read.model, read.usage) == ("olá", "stop", "m-1", Usage(10, 5))


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]}, "ab"),
        ({"content": {"summary": "x"}}, '{"summary": "x"}'),
        ({"content": None, "tool_calls": [{"function": {"arguments": "{}"}}]}, "{}"),
        ({"content": "", "refusal": ""}, ""),
        ({"content": None, "tool_calls": [None, {"function": None}, {"function": {"arguments": 3}}]}, ""),
        ({}, ""),
    ],
)
def test_content_in_other_forms(message: Any, text: str) -> None:
    assert read_envelope(body(message)).text == text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [1]}',
        b'{"choices": [{}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_completion(raw: bytes) -> None:
    with pytest.raises(NotACompletion):
        read_envelope(raw)


def test_a_refusal_and_a_content_filter_are_told_apart() -> None:
    with pytest.raises(AnswerUnusable, match="refused"):
        read_envelope(body({"content": None, "refusal": "I can't"}))
    with pytest.raises(AgentRejected, match="content filter"):
        read_envelope(body({"content": "met"}, "content_filter"))


@pytest.mark.parametrize(
    "usage", [None, 3, {}, {"prompt_tokens": "10"}, {"prompt_tokens": -1, "completion_tokens": True}]
)
def test_tokens_that_cannot_be_are_none(usage: Any) -> None:
    assert read_envelope(body({"content": "x"}, usage=usage)).usage == Usage()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda v: (
            st.lists(v)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "message", "content", "refusal", "tool_calls", "function", "usage", "model"]
                ),
                v,
            )
        ),
    )
)
def test_any_json_is_a_completion_or_one_of_three_errors(value: Any) -> None:
    try:
        read = read_envelope(json.dumps(value).encode())
    except (NotACompletion, AgentRejected, AnswerUnusable):
        return
    assert isinstance(read.text, str)
    read.text.encode("utf-8", "surrogatepass")


def test_the_tokens_of_several_calls_add_up() -> None:
    assert Usage(10, 5) + Usage(1, 2) == Usage(11, 7)


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        (b'{"usage": {"prompt_tokens": 3, "completion_tokens": 4}}', Usage(3, 4)),
        (b'{"usage": {"prompt_tokens": 0}}', None),
        (b'{"choices": []}', None),
        (b"[]", None),
        (b"<html>", None),
    ],
)
def test_a_body_tells_its_tokens_or_nothing(body: bytes, usage: Usage | None) -> None:
    assert Heading.of(body).usage == usage


@pytest.mark.parametrize(
    ("model", "read"),
    [
        ("m" * 1_000_000, "m" * NAME_LIMIT),
        ("gpt\0-4\x1b[31m\nred", "gpt -4 [31m red"),
        ("\0\x1b\u202e", None),
        ("  ", None),
        ({"name": "m"}, None),
    ],
    ids=["megabyte", "control", "nothing-else", "blank", "no-text"],
)
def test_what_a_server_calls_its_model_is_cleaned_and_cut(model: Any, read: str | None) -> None:
    assert read_envelope(body({"content": "x"}, model=model)).model == read


def test_a_refusal_and_an_end_are_cleaned_and_cut_too() -> None:
    with pytest.raises(AnswerUnusable, match=r"^[^\x00\x1b\n]*$") as told:
        read_envelope(body({"content": "", "refusal": "no\0\x1b[2J" + "x" * 1_000_000}))
    assert len(str(told.value)) < 300
    assert (
        read_envelope(body({"content": "x"}, "length\x1b" + "x" * 1000)).finish_reason
        == ("length " + "x" * 200)[:NAME_LIMIT]
    )
