"""The connection that statements use: one of its own, or one from a pool."""

from __future__ import annotations

from typing import TypeAlias

import asyncpg

Db: TypeAlias = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
