"""A run of pytest within a test loads what the test is about: the plugins of this project alone take half a second."""

from __future__ import annotations

from typing import Final

#: The variable with which pytest loads no plugin that it is not told of.
ALONE: Final = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
#: What tells it of the plugin that runs tests side by side.
SIDE_BY_SIDE: Final = ("-p", "xdist.plugin")
