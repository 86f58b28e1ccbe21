"""Drills take longer than a gate may: `make drills`, before a release and after changes to how failures are met."""

from tests.scenarios.conftest import random_source

__all__ = ["random_source"]
