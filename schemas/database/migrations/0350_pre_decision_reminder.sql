-- Reminders of decisions: who may approve plans is told of those that wait too long, once for each of two deadlines.
-- What is told, and where to, is read as it is sent. A row is of all plans whose deadline passed between two moments:
-- however many wait for however many people, there are few rows.
create table if not exists flow.decision_reminder (
    person_id  text not null references access.person (person_id),
    about      text not null check (about in ('decide', 'decide-late')),
    since      timestamptz not null,         -- what passed until then was told before
    until      timestamptz not null,
    due_at     timestamptz not null,         -- when it goes: later than it was found at night, or where hours are quiet
    message_id uuid,                         -- it goes, or went, with this one, which may be deleted before
    primary key (person_id, about, since)
);
create unique index if not exists decision_reminder_waiting on flow.decision_reminder (person_id, about)
    where message_id is null;
create index if not exists decision_reminder_message on flow.decision_reminder (message_id) where message_id is not null;
