-- The key of each plan by which the log has what its document is called. `key` is null once it is erased: for good. Of
-- plans that were uploaded before there were keys the log has the names as they are: these have no row until they are
-- erased.
create table if not exists decide.data_key (
    plan_id   uuid primary key,
    key       bytea,                       -- AES-256-GCM; schemas/encryption.py
    made_at   timestamptz not null default now(),
    erased_at timestamptz,
    check ((key is null) = (erased_at is not null))
);

-- When the document of a plan was erased, and by whom.
alter table rm.plan add column if not exists erased_at timestamptz;
alter table rm.plan add column if not exists erased_by text;
