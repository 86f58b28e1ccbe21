"""The states of a gateway's relay."""

from __future__ import annotations

from typing import Literal

RelayState = Literal["publishing", "standby", "failing", "starting", "off"]
