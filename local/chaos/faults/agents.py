"""Agents that misbehave: too slow, lying, silent. Every analysis that is asked for meanwhile meets them."""

from __future__ import annotations

from local.chaos.scene import Fault, Scene

#: Seconds that the system gives an agent in these scenarios.
DEADLINE_S = 2.0
#: Answers that nothing can be read from.
UNREADABLE = ("not-json", "empty", "empty-lists", "refusal-text")
#: These, answers that can be used after repair, and some that are none.
LIES = (
    *UNREADABLE,
    "no-phases",
    "cut",
    "broken-json",
    "wrong-types",
    "injected",
    "html",
    "wrong-envelope",
    "no-choices",
    "status:500",
    "status:503",
    "close",
)
#: Three of four answers are of the former: an agent that tells the truth as often as not need not be told of.
WEIGHTS = tuple(8 if lie in UNREADABLE else 1 for lie in LIES)


def behave(*behaviours: str) -> Fault:
    """Let the agent behave in one bad way for 4 to 8 s, then well again."""

    async def fault(scene: Scene) -> None:
        agent = scene.site.agent
        assert agent is not None
        scene.cause(lambda: agent.behave(*behaviours))
        await scene.for_a_while(4.0, 8.0)
        agent.behave("good")

    return fault


async def lie(scene: Scene) -> None:
    """Let each answer of the agent be another lie, or an error; most cannot be used."""
    await behave(*scene.rng.choices(LIES, WEIGHTS, k=2000))(scene)
