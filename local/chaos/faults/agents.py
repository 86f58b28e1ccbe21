"""Agents that misbehave: too slow, lying, silent. Every analysis that is asked for meanwhile meets them."""

from __future__ import annotations

from local.chaos.scene import Fault, Scene

#: Seconds that the system gives an agent in these scenarios.
DEADLINE_S = 2.0
#: Answers that cannot be used, or only after repair, and some that are none.
LIES = (
    "not-json",
    "empty",
    "no-phases",
    "empty-lists",
    "cut",
    "broken-json",
    "refusal-text",
    "wrong-types",
    "injected",
    "html",
    "wrong-envelope",
    "no-choices",
    "status:500",
    "status:503",
    "close",
)


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
    """Let each answer of the agent be another lie, or an error."""
    await behave(*scene.rng.choices(LIES, k=2000))(scene)
