"""Compares every row of the read models with rows made anew from the log."""

from __future__ import annotations

import asyncio

from projections.rebuild.build import Rebuild
from projections.settings import Settings
from schemas.registry import wait_for_codec


async def differences(settings: Settings) -> list[str]:
    """Return what is different; nothing is changed. `projections.verify` compares positions, versions and states only.

    Raises Refused and Stalled of the rebuild, and what servers raise that are away.
    """
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    return (await Rebuild(settings, codec).run(check=True)).problems
