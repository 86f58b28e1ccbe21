"""Drills take longer than a gate may: `make drills`, before a release and after changes to how failures are met."""

from tests.scenarios.conftest import key, random_source

__all__ = ["key", "random_source"]
