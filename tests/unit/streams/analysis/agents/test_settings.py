"""The settings, as they stand in the environment."""

from __future__ import annotations

import pytest

from schemas.process.settings import SettingsError
from streams.analysis.agents.prices import Price, prices_from_env
from streams.analysis.agents.settings import DEFAULT_BASE_URL, NO_KEY, AgentSettings, agents_from_env
from streams.analysis.spending import budget_from_env
from streams.settings import analysis_due


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
        "MARKETPLACE_AGENT_PATIENCE": "4.5",
    }
    settings = AgentSettings.from_env(env)
    assert settings is not None
    assert (settings.base_url, settings.model) == ("http://127.0.0.1:11434/v1", "llama3")
    assert (settings.deadline_s, settings.attempts, settings.patience) == (90.0, 2, 4.5)


@pytest.mark.parametrize(("said", "patience"), [("", 3.0), ("off", None)])
def test_patience_can_be_switched_off(said: str, patience: float | None) -> None:
    settings = AgentSettings.from_env({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_PATIENCE": said})
    assert settings is not None
    assert settings.patience == patience


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
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_PATIENCE": "none"}, "MARKETPLACE_AGENT_PATIENCE"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_PATIENCE": "0.9"}, "AGENT_PATIENCE must be at least 1"),
    ],
)
def test_a_wrong_value_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        AgentSettings.from_env(env)


FIRST = {"OPENAI_API_KEY": "sk-1", "MARKETPLACE_AGENT_DEADLINE": "90"}


def test_agents_are_asked_in_the_order_in_which_they_are_given() -> None:
    assert agents_from_env({}) == ()
    [alone] = agents_from_env(FIRST)
    first, second = agents_from_env(FIRST | {"MARKETPLACE_AGENT_FALLBACK_MODEL": "other"})
    assert first == alone
    assert (second.model, second.base_url, second.api_key, second.deadline_s) == ("other", DEFAULT_BASE_URL, "sk-1", 90)
    assert first.name != second.name


def test_another_server_never_gets_the_first_ones_key() -> None:
    given = FIRST | {"MARKETPLACE_AGENT_FALLBACK_URL": "http://127.0.0.1:11434/v1/"}
    _, second = agents_from_env(given)
    assert (second.base_url, second.api_key, second.model) == ("http://127.0.0.1:11434/v1", NO_KEY, "gpt-4o-mini")
    _, second = agents_from_env(given | {"MARKETPLACE_AGENT_FALLBACK_KEY": "sk-2"})
    assert second.api_key == "sk-2"


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"MARKETPLACE_AGENT_FALLBACK_MODEL": "m"}, "without OPENAI_API_KEY or OPENAI_BASE_URL"),
        (FIRST | {"MARKETPLACE_AGENT_FALLBACK_KEY": "k"}, "FALLBACK_KEY needs"),
        (FIRST | {"MARKETPLACE_AGENT_FALLBACK_MODEL": "gpt-4o-mini"}, "is the first one again"),
        (FIRST | {"MARKETPLACE_AGENT_FALLBACK_URL": "localhost"}, "FALLBACK_URL must start with http"),
        (
            FIRST | {"MARKETPLACE_AGENT_FALLBACK_MODEL": "m", "MARKETPLACE_AGENT_FALLBACK_KEY": "é"},
            "FALLBACK_KEY must hold only",
        ),
        (FIRST | {"MARKETPLACE_AGENT_PRICES": "gpt-4o-mini"}, "MARKETPLACE_AGENT_PRICES must be"),
        (FIRST | {"MARKETPLACE_AGENT_PRICES": "m=1"}, "MARKETPLACE_AGENT_PRICES must be"),
        (FIRST | {"MARKETPLACE_AGENT_PRICES": "m=1/-2"}, "MARKETPLACE_AGENT_PRICES must be"),
        (FIRST | {"MARKETPLACE_AGENT_PRICES": "=1/2"}, "MARKETPLACE_AGENT_PRICES must be"),
        (FIRST | {"MARKETPLACE_AGENT_PRICES": "m=nan/2"}, "MARKETPLACE_AGENT_PRICES must be"),
    ],
)
def test_a_wrong_second_agent_or_price_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        agents_from_env(env)


def test_each_agent_has_the_price_of_its_model() -> None:
    prices = "gpt-4o-mini=0.15/0.60, meta:llama3=0/0"
    given = FIRST | {"MARKETPLACE_AGENT_PRICES": prices, "MARKETPLACE_AGENT_FALLBACK_MODEL": "meta:llama3"}
    assert [agent.price for agent in agents_from_env(given)] == [Price(0.15, 0.6), Price(0, 0)]
    assert prices_from_env({}) == {}
    assert Price(0.15, 0.6).of(2_000_000, 1_000_000) == pytest.approx(0.9)


def test_a_budget_needs_a_price_for_every_model() -> None:
    priced = FIRST | {"MARKETPLACE_AGENT_PRICES": "gpt-4o-mini=0.15/0.60", "MARKETPLACE_AGENT_BUDGET": "50"}
    assert budget_from_env(priced, agents_from_env(priced)) == 50.0
    assert budget_from_env({}, ()) is None
    both = priced | {"MARKETPLACE_AGENT_FALLBACK_MODEL": "other"}
    with pytest.raises(SettingsError, match="needs a price in MARKETPLACE_AGENT_PRICES for other"):
        budget_from_env(both, agents_from_env(both))
    with pytest.raises(SettingsError, match="MARKETPLACE_AGENT_BUDGET must be above zero"):
        budget_from_env(priced | {"MARKETPLACE_AGENT_BUDGET": "0"}, agents_from_env(priced))


def test_runner_and_watchdog_read_the_same_deadline() -> None:
    assert analysis_due({}) == 75.0
    assert analysis_due({"MARKETPLACE_AGENT_DEADLINE": "100"}) == 115.0
    assert analysis_due({"MARKETPLACE_ANALYSIS_DUE": "30"}) == 30.0


HOSTS = {"MARKETPLACE_AGENT_HOSTS": "api.openai.com, llm.local:8080"}


@pytest.mark.parametrize(
    "env",
    [
        {"OPENAI_API_KEY": "k"},
        {"OPENAI_BASE_URL": "http://LLM.local:8080/v1"},
        {"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_FALLBACK_URL": "http://llm.local:8080/v1"},
    ],
)
def test_an_agent_at_a_host_that_is_allowed_is_called(env: dict[str, str]) -> None:
    assert agents_from_env({**HOSTS, **env})


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"OPENAI_BASE_URL": "http://169.254.169.254/v1"}, "169.254.169.254"),
        ({"OPENAI_BASE_URL": "http://llm.local/v1"}, "llm.local"),
        ({"OPENAI_BASE_URL": "http://api.openai.com@evil.test/v1"}, "evil.test"),
        ({"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_FALLBACK_URL": "http://evil.test/v1"}, "evil.test"),
    ],
)
def test_an_agent_anywhere_else_is_a_wrong_setting(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"MARKETPLACE_AGENT_HOSTS does not have '{named}'"):
        agents_from_env({**HOSTS, **env})
