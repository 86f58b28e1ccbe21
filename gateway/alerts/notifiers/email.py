"""E-mail, by an SMTP server. The message id is that of the message: a mail program shows a repeat once."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final, Literal

from gateway.alerts import words
from gateway.alerts.message import Item, Message
from gateway.alerts.notifiers.base import Failed
from gateway.alerts.notifiers.threads import Blocking, OneThread
from gateway.verdict.words.own import Fate
from gateway.verdict.words.speech import Speech
from schemas.process.named import named

Security = Literal["starttls", "tls", "none"]
#: Seconds for one answer of the server; the whole has the deadline of all messages.
ANSWER_S: Final = 8.0
#: Lines before which `smtplib` puts a ">", as mailbox files need. A text in base64 has no such line.
_OF_MAILBOXES: Final = re.compile("^From ", re.MULTILINE)
_ENCODED: Final = "base64"
#: Reply codes from here on are permanent, by the protocol.
_FOR_EVER: Final = 500
#: The prefix, by the protocol, of statuses for an address that a server never accepts.
NOT_ASCII: Final = "SMTPUTF8"


class NoRecipient(Failed):
    """The server refuses all recipients of the message."""


@dataclass(frozen=True, slots=True)
class Email(Blocking):
    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    gathers: bool = True
    acknowledges: bool = False
    thread: OneThread = field(default_factory=lambda: OneThread("alerts-email"), repr=False, compare=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.password,)

    def _deliver(self, message: Message) -> str:
        handed_over = False
        try:
            with self._connected() as server:
                if self.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                mail, handed_over = self.mail(message), True
                refused = server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            why = Fate.NO_RECIPIENT % {"whom": _codes(error.recipients)}
            raise NoRecipient(why, final=min(codes) >= _FOR_EVER, status=min(codes)) from error
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
            final = error.smtp_code >= _FOR_EVER
            raise Failed(f"SMTP {error.smtp_code}: {said}"[:300], final=final, status=error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            if not handed_over:
                raise Failed(named(error, 300)) from error
            # addresses: this server takes ASCII only, and got no message
            raise NoRecipient(Fate.NO_RECIPIENT % {"whom": NOT_ASCII}, final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Failed(named(error, 300), unsure=handed_over) from error
        return Fate.TAKEN_BUT % {"whom": _codes(refused)} if refused else Fate.TAKEN

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=ANSWER_S, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=ANSWER_S)

    def mail(self, message: Message) -> EmailMessage:
        """Return the message as an e-mail."""
        made = EmailMessage()
        speech = words.speech(message.language)
        over = speech.text(words.STATES["resolved"])
        mark = over if message.over else words.severity(message.severity, speech)
        title = words.headline(message.title, message.language, repeat=message.may_repeat)
        made["Subject"] = " ".join(f"[{mark}] {title}".removeprefix("[] ").split())[:250]
        made["From"], made["To"] = self.sender, ", ".join(self.to)
        made["Date"] = datetime.now(UTC)
        made["Message-ID"] = f"<{message.message_id}@{self.sender.rpartition('@')[2].rstrip('>') or 'marketplace'}>"
        made["Auto-Submitted"] = "auto-generated"  # no holiday notice answers it
        text = "\n".join(lines(message)) + "\n"
        made.set_content(text, cte=_ENCODED if _OF_MAILBOXES.search(text) else None)
        return made


def _codes(refused: dict[str, tuple[int, bytes]]) -> str:
    return ", ".join(f"{who} ({code})" for who, (code, _) in refused.items())


def lines(message: Message) -> Iterator[str]:
    """Yield a message as lines of plain text."""
    speech = words.speech(message.language)
    if message.may_repeat:
        yield speech.text(words.NOT_KNOWN)
        yield ""
    if message.text:
        yield message.text
    for item in message.items:
        yield from _of(item, speech, titled=message.only is None)
        yield ""
    if message.count > len(message.items) and message.items:
        yield speech.text(words.MORE) % {"n": message.count - len(message.items)}
    if message.only is None and message.link:
        yield message.link


def _of(item: Item, speech: Speech, *, titled: bool) -> Iterator[str]:
    marked = titled and not item.resolved_at  # what is over is not critical any more
    yield f"{words.severity(item.severity, speech).upper()}: {item.title}" if marked else item.title
    if item.evidence:
        yield item.evidence
    if item.recommendation:
        yield f"{speech.text(words.WHAT_TO_DO)}: {item.recommendation}"
    figures = [f"{name}: {text}" for name, text in item.fields.items()]
    yield "; ".join([*figures, f"{speech.text(words.BEGAN)}: {words.moment(item.began_at)}"])
    if item.resolved_at:
        yield f"{speech.text(words.RESOLVED)}: {words.moment(item.resolved_at)}"
    yield item.link
    if item.trace:
        yield f"{speech.text(words.TRACE)}: {item.trace}"
    if item.runbook:
        yield f"{speech.text(words.RUNBOOK)}: {item.runbook}"
