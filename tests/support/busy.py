"""Clients that upload and approve without a pause, and remember what they were answered."""

from __future__ import annotations

import time

from local.load import Load
from tests.support.patience import PATIENCE_S


class Busy:
    """Uploads and approves until it is told to end.

    `uploaded`, `approved`: plan -> when that was answered, in seconds since 1970 UTC.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self.going = True
        self.uploaded: dict[str, float] = {}
        self.approved: dict[str, float] = {}

    async def run(self) -> None:
        while self.going:
            plans = await self._load.upload(3)
            self.uploaded |= dict.fromkeys(plans, time.time())
            await self._load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S)
            await self._load.approve(plans[:2])
            self.approved |= dict.fromkeys(plans[:2], time.time())
