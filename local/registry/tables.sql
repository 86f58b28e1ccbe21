-- The registry's own tables. Run at every start; changes nothing that is there.
create schema if not exists registry;

-- One row per distinct schema; the id is what every record on the log carries.
create table if not exists registry.schema (
    id          integer generated always as identity primary key,
    fingerprint bytea   not null unique,
    definition  text    not null
);

create table if not exists registry.version (
    subject    text        not null,
    version    integer     not null,
    schema_id  integer     not null references registry.schema,
    created_at timestamptz not null default now(),
    primary key (subject, version),
    unique (subject, schema_id)
);

-- Subjects that take ids and versions as they are given, as from a backup.
create table if not exists registry.importing (subject text primary key);

-- The subject '' holds the level of all subjects that have none of their own.
create table if not exists registry.compatibility (
    subject text primary key,
    level   text not null
);
