-- People: who acts, whatever key or link he signs in with. The handle is the actor of events and of the audit, so it is
-- never given again; an ended person stays in the table, and his e-mail is free.
create table if not exists access.person (
    person_id text primary key,
    handle    text not null unique,
    name      text not null,
    email     text,                          -- in lower case
    role      text not null check (role in ('viewer', 'analyst', 'operator', 'admin')),
    made_at   timestamptz not null default now(),
    made_by   text not null default '',
    ended_at  timestamptz
);
create unique index if not exists person_email on access.person (email) where ended_at is null;

-- A key, a sign-in and a link belong to a key, to a person, or a key does to a person.
alter table access.api_key add column if not exists person_id text references access.person (person_id);
create index if not exists api_key_person on access.api_key (person_id) where person_id is not null;

alter table access.session
    alter column key_id drop not null,
    add column if not exists person_id  text references access.person (person_id),
    add column if not exists sign_in_id uuid not null default gen_random_uuid(),  -- its name where a person sees it
    add column if not exists address    text not null default '',
    add column if not exists opened_by  text not null default 'key';
create index if not exists session_key on access.session (key_id);
create index if not exists session_person on access.session (person_id) where person_id is not null;

alter table access.sign_in_link
    alter column key_id drop not null,
    add column if not exists person_id text references access.person (person_id);
