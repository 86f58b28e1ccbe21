-- Whether a person wants reminders of tasks, and in which language: '' in that of all messages.
alter table access.person
    add column if not exists reminders boolean not null default true,
    add column if not exists language  text not null default '';
