"""What a reminder says, when a day begins, and that no failure of a message to a person quotes the address."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gateway.alerts.decisions import by_day
from gateway.alerts.message import LISTED, DueTask, Message, reminding
from gateway.alerts.notifiers.base import Failed
from gateway.alerts.notifiers.email import Email, NoRecipient
from gateway.alerts.notifiers.personal import Personal, Reminder
from gateway.alerts.reminders import due_day
from gateway.alerts.settings import Settings
from tests.unit.gateway.alerts.test_settings import MAIL

PAGES = "http://pages"
ADDRESS = "ana.lima@example.com"
FOTOS = DueTask("7d", "Trocar\n as fotos", "2026-11-26", "overdue")


class Failing(Email):
    """A way that fails as it is told to."""

    error: Exception

    async def send(self, message: Message) -> str:
        raise type(self).error


def test_one_task_is_the_title_and_several_are_counted() -> None:
    one = reminding("m", [FOTOS], PAGES)
    assert (one.title.split(), one.severity, one.link) == (
        ["Overdue:", "Trocar", "as", "fotos"],
        "",
        f"{PAGES}/tasks?assignee=me",
    )
    assert one.text.startswith(f"Overdue, it was due on 2026-11-26: Trocar as fotos\n{PAGES}/tasks/7d\n")
    many = reminding("m", [FOTOS] * LISTED + [DueTask("8e", "Preço", "2026-11-29", "due")] * 2, PAGES)
    assert many.title == "22 tasks of yours are due or overdue"
    assert "Preço" not in many.text
    assert "and 2 more" in many.text
    assert reminding("m", [DueTask("8e", "Preço", "2026-11-29", "due")], PAGES).title == "Due: Preço"


def test_a_title_with_numbers_that_no_figure_supports_says_so() -> None:
    strange = DueTask("8e", "Ganhar R$ 9", "2026-11-29", "due", ("R$ 9",))
    told = reminding("m", [strange], PAGES)
    assert told.title == "Due: Ganhar R$ 9 [?]"
    assert "Due on 2026-11-29: Ganhar R$ 9 (without a source in the document: R$ 9)\n" in told.text
    assert "sem origem no documento: R$ 9" in reminding("m", [strange], PAGES, "pt_BR").text


def test_plans_that_wait_are_said_by_themselves_and_with_tasks() -> None:
    plan = DueTask("9f", "Abril", "2026-11-20", "decide-late")
    one = reminding("m", [plan], PAGES)
    assert (one.title, one.link) == ("Still waits for an approval: Abril", f"{PAGES}/plans?overdue=1&sort=uploadedAt")
    assert one.text.startswith(f"Still waits for an approval, since 2026-11-20: Abril\n{PAGES}/plans/9f\n")
    many = reminding("m", [plan] * LISTED, PAGES, more=480)
    assert many.title == "500 plans wait for an approval"
    assert "and 480 more" in many.text
    both = reminding("m", [FOTOS, plan], PAGES)
    assert (both.title, both.link) == ("2 tasks and plans wait for you", f"{PAGES}/tasks?assignee=me")
    assert "because these tasks are assigned to you, and you may approve these plans" in both.text


@pytest.mark.parametrize(
    ("at", "zone", "then"),
    [
        ("2026-11-29T12:00:00+00:00", "UTC", "2026-11-29T12:00:00+00:00"),
        ("2026-11-29T07:59:00+00:00", "UTC", "2026-11-29T08:00:00+00:00"),
        ("2026-11-29T20:00:00+00:00", "UTC", "2026-11-30T08:00:00+00:00"),
        ("2026-11-29T10:59:00+00:00", "America/Sao_Paulo", "2026-11-29T11:00:00+00:00"),
        ("2026-11-29T22:59:00+00:00", "America/Sao_Paulo", "2026-11-29T22:59:00+00:00"),
        ("2026-11-30T01:00:00+00:00", "America/Sao_Paulo", "2026-11-30T11:00:00+00:00"),
    ],
)
def test_a_decision_is_asked_for_by_day(at: str, zone: str, then: str) -> None:
    assert by_day(datetime.fromisoformat(at), zone) == datetime.fromisoformat(then)


def test_its_mail_has_no_severity_and_goes_to_one_person() -> None:
    email = Email("mail", 25, "alerts@example.com", (ADDRESS,))
    mail = email.mail(reminding("m", [FOTOS], PAGES, "pt_BR"))
    assert mail["Subject"] == "Atrasada: Trocar as fotos"
    assert mail["To"] == ADDRESS


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        ("2026-11-29T07:59:00+00:00", "UTC", date(2026, 11, 28)),
        ("2026-11-29T08:00:00+00:00", "UTC", date(2026, 11, 29)),
        ("2026-11-29T10:59:00+00:00", "America/Sao_Paulo", date(2026, 11, 28)),
        ("2026-11-29T11:00:00+00:00", "America/Sao_Paulo", date(2026, 11, 29)),
    ],
)
def test_a_day_begins_in_the_morning_of_the_routes_zone(at: str, zone: str, day: date) -> None:
    assert due_day(datetime.fromisoformat(at).astimezone(UTC), zone) == day


@pytest.mark.parametrize(
    ("error", "why", "final", "addressee", "unsure"),
    [
        (NoRecipient(f"no recipient: {ADDRESS} (550)", final=True, status=550), "SMTP 550", True, True, False),
        (Failed(f"SMTP 554: {ADDRESS} is spam", final=True, status=554), "SMTP 554", True, False, False),
        (Failed(f"OSError: {ADDRESS.upper()} is away", unsure=True), "OSError: *** is away", False, False, True),
        (UnicodeError(ADDRESS), "UnicodeError", False, False, True),
    ],
)
async def test_a_failure_says_nothing_of_the_address(
    error: Exception, why: str, *, final: bool, addressee: bool, unsure: bool
) -> None:
    Failing.error = error
    way = Personal(Failing("mail", 25, "alerts@example.com", ("ops@example.com",), password="s3cret"))
    reminder = Reminder(reminding("m", [FOTOS], PAGES), ADDRESS)
    with pytest.raises(Failed) as raised:
        await way.send(reminder)
    failed = raised.value
    assert (failed.why, failed.final, failed.addressee, failed.unsure) == (why, final, addressee, unsure)
    assert failed.__cause__ is None
    assert ADDRESS not in repr(reminder)
    assert (way.secrets, reminder.message_id, reminder.traceparents, reminder.ids) == (("s3cret",), "m", (), ())


def test_there_is_a_way_to_persons_where_there_is_a_mail_server() -> None:
    env = {"MARKETPLACE_DATABASE_URL": "postgresql://u@h/d"}
    assert Settings.from_env(env).people is None
    there = Settings.from_env({**env, **MAIL})
    email = there.notifiers["email"]
    assert isinstance(email, Email)
    assert there.people == Personal(email)
    assert there.people is not None
    assert there.people.mail.thread is not email.thread, "neither waits for the other"
