"""The settings of an agent's client, read once from the environment by the process's `__main__`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

from schemas.process.settings import SettingsError, count, positive
from streams.settings import agent_deadline

from .patience import TIMES
from .prices import Price, prices_from_env

DEFAULT_MODEL: Final = "gpt-4o-mini"
DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
#: Servers of one's own ask for no key, but the client insists on one.
NO_KEY: Final = "none"
_FALLBACK: Final = (
    "MARKETPLACE_AGENT_FALLBACK_MODEL",
    "MARKETPLACE_AGENT_FALLBACK_URL",
    "MARKETPLACE_AGENT_FALLBACK_KEY",
)


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """How to reach one chat server. The key is never shown by `repr`."""

    api_key: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    model: str = DEFAULT_MODEL
    #: Seconds for one analysis, all attempts and waits included.
    deadline_s: float = 60.0
    #: How many times as long as its slow answers one request is waited for; None: all that is left of the deadline.
    patience: float | None = TIMES
    attempts: int = 3
    connect_s: float = 5.0
    temperature: float = 0.2
    #: Characters of what is told of the document at most; None: as many as a brief may have.
    brief_chars: int | None = None
    #: Tokens of one answer.
    token_limit: int = 6_000
    #: Bytes of one response body, errors included.
    response_limit: int = 4 * 1024 * 1024
    #: What a million tokens cost; None: nobody has said.
    price: Price | None = None

    @property
    def name(self) -> str:
        """The agent's name everywhere, and its breaker's: agent:<host>/<model>."""
        return f"agent:{urlsplit(self.base_url).netloc.rpartition('@')[2]}/{self.model}"

    def __post_init__(self) -> None:
        if self.deadline_s <= 0 or self.attempts < 1 or self.response_limit < 1 or self.token_limit < 1:
            raise SettingsError("deadline, attempts and limits of an agent must be positive")
        if not self.base_url.startswith(("http://", "https://")) or not self.base_url.isascii():
            raise SettingsError("OPENAI_BASE_URL must start with http:// or https://")
        if not self.api_key.isascii() or not self.api_key.isprintable():
            raise SettingsError("OPENAI_API_KEY must hold only printable ASCII characters")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> AgentSettings | None:
        """Return the settings, None where neither a key nor a server is configured (then the rules analyse).

        Reads OPENAI_API_KEY, OPENAI_BASE_URL, MARKETPLACE_AGENT_MODEL, MARKETPLACE_AGENT_DEADLINE (seconds),
        MARKETPLACE_AGENT_ATTEMPTS, MARKETPLACE_AGENT_PATIENCE and MARKETPLACE_AGENT_PRICES. Raises SettingsError.
        """
        key = env.get("OPENAI_API_KEY", "").strip()
        url = env.get("OPENAI_BASE_URL", "").strip()
        if not key and not url:
            return None
        model = env.get("MARKETPLACE_AGENT_MODEL", "").strip() or DEFAULT_MODEL
        _check_host(env, url or DEFAULT_BASE_URL)
        return cls(
            api_key=key or NO_KEY,
            base_url=(url or DEFAULT_BASE_URL).rstrip("/"),
            model=model,
            price=prices_from_env(env).get(model),
            deadline_s=agent_deadline(env),
            attempts=count(env, "MARKETPLACE_AGENT_ATTEMPTS", 3),
            patience=_patience(env),
        )

    def fallback_from_env(self, env: Mapping[str, str]) -> AgentSettings | None:
        """Return the settings of the agent that is asked where this one fails, None where none is configured.

        Reads MARKETPLACE_AGENT_FALLBACK_MODEL, _URL and _KEY; what is not given is as of this one, but another server
        never gets this one's key. Raises SettingsError.
        """
        model, url, key = (env.get(name, "").strip() for name in _FALLBACK)
        if not model and not url:
            if key:
                raise SettingsError("MARKETPLACE_AGENT_FALLBACK_KEY needs MARKETPLACE_AGENT_FALLBACK_URL or _MODEL")
            return None
        _check_host(env, url or self.base_url)
        other = bool(url) and url.rstrip("/") != self.base_url
        try:
            second = replace(
                self,
                api_key=key or (NO_KEY if other else self.api_key),
                base_url=url.rstrip("/") or self.base_url,
                model=model or self.model,
                price=prices_from_env(env).get(model or self.model),
            )
        except SettingsError as error:
            said = str(error).replace("OPENAI_BASE_URL", "MARKETPLACE_AGENT_FALLBACK_URL")
            raise SettingsError(said.replace("OPENAI_API_KEY", "MARKETPLACE_AGENT_FALLBACK_KEY")) from None
        if (second.base_url, second.model) == (self.base_url, self.model):
            raise SettingsError(
                "the fallback agent is the first one again: give MARKETPLACE_AGENT_FALLBACK_MODEL another model"
            )
        return second


def _patience(env: Mapping[str, str]) -> float | None:
    name = "MARKETPLACE_AGENT_PATIENCE"
    if env.get(name, "").strip() == "off":
        return None
    times = positive(env, name, TIMES)
    if times < 1:
        raise SettingsError(f"{name} must be at least 1, or off, not {times:g}: else most requests would be given up")
    return times


def _check_host(env: Mapping[str, str], url: str) -> None:
    """Check that a server is one of MARKETPLACE_AGENT_HOSTS, if that is set. Raises SettingsError."""
    hosts = [one.strip().lower() for one in env.get("MARKETPLACE_AGENT_HOSTS", "").split(",") if one.strip()]
    named = urlsplit(url).netloc.rpartition("@")[2].lower()
    if hosts and named not in hosts:
        raise SettingsError(f"MARKETPLACE_AGENT_HOSTS does not have {named!r}: no agent may be called there")


def agents_from_env(env: Mapping[str, str]) -> tuple[AgentSettings, ...]:
    """Return the agents in the order in which they are asked; none: the rules analyse. Raises SettingsError."""
    first = AgentSettings.from_env(env)
    if first is None:
        if any(env.get(name, "").strip() for name in _FALLBACK):
            raise SettingsError("a fallback agent is set without OPENAI_API_KEY or OPENAI_BASE_URL")
        return ()
    second = first.fallback_from_env(env)
    return (first,) if second is None else (first, second)
