"""The settings, as they stand in the environment."""

from __future__ import annotations

import pytest

from streams.analysis.agents.settings import DEFAULT_BASE_URL, AgentSettings


def test_without_key_and_server_there_is_no_agent() -> None:
    assert AgentSettings.from_env({}) is None
    assert AgentSettings.from_env({"OPENAI_API_KEY": " ", "MARKETPLACE_AGENT_MODEL": "m"}) is None


def test_a_key_alone_means_openai() -> None:
    settings = AgentSettings.from_env({"OPENAI_API_KEY": "sk-1"})
    assert settings is not None
    assert (settings.api_key, settings.base_url) == ("sk-1", DEFAULT_BASE_URL)


def test_a_server_alone_needs_no_key() -> None:
    env = {
        "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1/",
        "MARKETPLACE_AGENT_MODEL": "llama3",
        "MARKETPLACE_AGENT_DEADLINE": "90",
        "MARKETPLACE_AGENT_ATTEMPTS": "2",
    }
    settings = AgentSettings.from_env(env)
    assert settings is not None
    assert (settings.base_url, settings.model) == ("http://127.0.0.1:11434/v1", "llama3")
    assert (settings.deadline_s, settings.attempts) == (90.0, 2)


def test_the_key_is_never_shown() -> None:
    assert "sk-secret" not in repr(AgentSettings("sk-secret"))


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"OPENAI_BASE_URL": "localhost:11434"}, "OPENAI_BASE_URL"),
        ({"OPENAI_API_KEY": "chave-é"}, "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_DEADLINE": "soon"}, "MARKETPLACE_AGENT_DEADLINE"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_DEADLINE": "0"}, "MARKETPLACE_AGENT_DEADLINE"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_DEADLINE": "nan"}, "MARKETPLACE_AGENT_DEADLINE"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_DEADLINE": "600"}, "AGENT_DEADLINE must be at most 240"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_ATTEMPTS": "0"}, "MARKETPLACE_AGENT_ATTEMPTS"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_ATTEMPTS": "2.5"}, "MARKETPLACE_AGENT_ATTEMPTS"),
    ],
)
def test_a_wrong_value_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        AgentSettings.from_env(env)
