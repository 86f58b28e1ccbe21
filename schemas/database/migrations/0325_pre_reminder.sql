-- Reminders: who has a task that is due or overdue is told, once for each state of a task, its day and its assignee.
-- What is told, and where to, is read as it is sent: neither the text nor an address is here.
create table if not exists flow.reminder (
    task_id    uuid not null,
    person_id  text not null references access.person (person_id),
    due_on     date not null,
    about      text not null check (about in ('due', 'overdue')),
    due_at     timestamptz not null,         -- when it goes: later than it was found where hours are quiet
    message_id uuid,                         -- it goes, or went, with this one, which may be deleted before
    primary key (task_id, person_id, due_on, about)
);
create index if not exists reminder_waiting on flow.reminder (due_at) where message_id is null;
create index if not exists reminder_message on flow.reminder (message_id) where message_id is not null;
create index if not exists reminder_day on flow.reminder (due_on);

-- To whom a message goes that is a person's.
alter table flow.alert_message add column if not exists person_id text references access.person (person_id);
create index if not exists alert_message_person on flow.alert_message (person_id, created_at) where person_id is not null;
