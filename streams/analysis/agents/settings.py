"""What an agent's client is built from; read once from the environment by the process's `__main__`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.process.settings import SettingsError, count
from streams.settings import agent_deadline

DEFAULT_MODEL: Final = "gpt-4o-mini"
DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
#: Servers of one's own ask for no key, but the client insists on one.
NO_KEY: Final = "none"


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """How to reach one chat server. The key is never shown by `repr`."""

    api_key: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    model: str = DEFAULT_MODEL
    #: Seconds for one analysis, all attempts and waits included.
    deadline_s: float = 60.0
    #: Seconds for one attempt; None = all that is left of the deadline.
    attempt_s: float | None = None
    attempts: int = 3
    connect_s: float = 5.0
    temperature: float = 0.2
    #: Tokens of one answer.
    token_limit: int = 6_000
    #: Bytes of one response body, errors included.
    response_limit: int = 4 * 1024 * 1024

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

        Reads OPENAI_API_KEY, OPENAI_BASE_URL, MARKETPLACE_AGENT_MODEL, MARKETPLACE_AGENT_DEADLINE (seconds)
        and MARKETPLACE_AGENT_ATTEMPTS. Raises SettingsError.
        """
        key = env.get("OPENAI_API_KEY", "").strip()
        url = env.get("OPENAI_BASE_URL", "").strip()
        if not key and not url:
            return None
        return cls(
            api_key=key or NO_KEY,
            base_url=(url or DEFAULT_BASE_URL).rstrip("/"),
            model=env.get("MARKETPLACE_AGENT_MODEL", "").strip() or DEFAULT_MODEL,
            deadline_s=agent_deadline(env),
            attempts=count(env, "MARKETPLACE_AGENT_ATTEMPTS", 3),
        )
