-- The key of everybody who writes, by which the log, the read models and the audit have what he wrote. `key` is null once
-- it is erased: for good. What was written before there were keys is there as it was written. `actor` is the handle of a
-- person or the name of a key: who writes again under a name whose key is erased gets another one.
create table if not exists decide.writer_key (
    key_id    uuid primary key default gen_random_uuid(),
    actor     text not null,
    key       bytea,                       -- AES-256-GCM; schemas/written.py
    made_at   timestamptz not null default now(),
    erased_at timestamptz,
    check ((key is null) = (erased_at is not null))
);
create unique index if not exists writer_key_actor on decide.writer_key (actor) where key is not null;

-- When a person's name, e-mail and texts were erased.
alter table access.person add column if not exists erased_at timestamptz;
