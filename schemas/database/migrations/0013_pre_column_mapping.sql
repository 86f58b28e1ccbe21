-- What people say of the columns of a header, used whenever a document has the same header again.

create table if not exists decide.column_mapping (
    header_id text primary key,              -- schemas/facts.py TableRead.header_id
    columns   json not null,                 -- column as shown -> field, or ignore; json keeps the columns' order
    document  text not null,                 -- name of the file that it was made for
    made_by   text not null,
    made_at   timestamptz not null default now(),
    used_at   timestamptz not null default now()
);
create index if not exists column_mapping_age on decide.column_mapping (used_at);
