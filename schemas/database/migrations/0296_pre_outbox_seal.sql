-- Who decides an event seals its row: whatever changes the row afterwards, the seal does not fit any more.
alter table decide.outbox add column if not exists seal text;  -- schemas/outbox_seal.py; null: nobody has sealed it

-- From which row on the relay wants a seal; empty while processes of the version before write rows without one.
create table if not exists decide.outbox_sealed (
    seq      bigint not null,                -- rows up to this one may have none, for as long as the outbox keeps them
    began_at timestamptz not null default now()
);
