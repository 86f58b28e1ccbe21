"""Sends the reminders that are due for people, one step after the other, to a real mail server."""

from __future__ import annotations

import asyncpg

from gateway.alerts.breaker import Breaker
from gateway.alerts.notifiers.email import Email
from gateway.alerts.notifiers.personal import Personal
from gateway.alerts.reminder_queue import PEOPLE, ReminderQueue
from gateway.alerts.sender import Sender
from tests.support.receivers import SmtpReceiver


async def send_all(pool: asyncpg.Pool, mail: SmtpReceiver, queue: ReminderQueue) -> int:
    """Send what is due; return how many messages that were."""
    email = Email("127.0.0.1", mail.port, "alerts@example.com", ("ops@example.com",), security="none")
    sender, count = Sender(PEOPLE, Personal(email), Breaker(pool, PEOPLE), list), 0
    while await sender.once(queue):
        count += 1
    return count


async def let_time_pass(pool: asyncpg.Pool) -> None:
    """Let a claim end, a failure's wait pass, and the time between two messages to one person."""
    await pool.execute(
        "update flow.alert_message set created_at = created_at - interval '11 minutes', due_at = now(),"
        " claimed_until = case when claimed_until is null then null else now() - interval '1 s' end"
    )
