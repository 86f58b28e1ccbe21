"""E-mail to one person. No failure quotes the address or the server's words about it: these are stored and logged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gateway.alerts.message import Message
from gateway.alerts.notifiers.base import Failed
from gateway.alerts.notifiers.email import Email, NoRecipient
from schemas.process.log_context import Ids


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message for one person. `to` is read for each attempt, and is never stored with the message."""

    message: Message
    to: str = field(repr=False)

    @property
    def message_id(self) -> str:
        return self.message.message_id

    @property
    def traceparents(self) -> Sequence[str]:
        return ()

    @property
    def ids(self) -> Sequence[Ids]:
        return ()


@dataclass(frozen=True, slots=True)
class Personal:
    """Sends each reminder to its person, by the server of `mail`; the receivers of `mail` itself get none."""

    mail: Email
    gathers: bool = True
    acknowledges: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.mail.secrets

    async def send(self, reminder: Reminder) -> str:
        """Return the server's answer. Raises Failed."""
        try:
            return await replace(self.mail, to=(reminder.to,)).send(reminder.message)
        except Failed as failed:
            why = f"SMTP {failed.status}" if failed.status else _without(reminder.to, failed.why)
            raise Failed(
                why,
                final=failed.final,
                status=failed.status,
                unsure=failed.unsure,
                addressee=isinstance(failed, NoRecipient),
            ) from None
        except Exception as error:  # of a library, which may quote what it was given
            raise Failed(type(error).__name__, unsure=True) from None


def _without(address: str, text: str) -> str:
    return re.sub(re.escape(address), "***", text, flags=re.IGNORECASE)
