"""How much to take up at once, so that what is urgent does not wait for long behind it."""

from __future__ import annotations


def portion(most: int, done: int, took_s: float, *, within_s: float, least: int, limit: int) -> int:
    """Return how many to take up next, after `done` of at most `most` took so long: what takes `within_s`, about."""
    if took_s > within_s:
        return max(least, min(most, int(done * within_s / took_s)))
    return min(limit, 2 * most) if done >= most else most
