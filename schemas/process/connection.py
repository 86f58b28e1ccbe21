"""What statements are sent through: a connection of its own, or one that a pool lends."""

from __future__ import annotations

from typing import TypeAlias

import asyncpg

Db: TypeAlias = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
