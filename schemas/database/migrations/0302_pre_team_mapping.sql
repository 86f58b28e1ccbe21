-- What people of a team say of the columns of a header: for that team's documents alone. What stands in
-- decide.column_mapping is the company's: for plans of no team, and where a team has said nothing of the header.

create table if not exists decide.team_mapping (
    team_id   uuid not null,                 -- access.team
    header_id text not null,                 -- schemas/facts.py TableRead.header_id
    columns   json not null,                 -- as of decide.column_mapping
    currency  text not null default '' constraint team_mapping_currency check (currency ~ '^([A-Z]{3})?$'),
    document  text not null,
    made_by   text not null,
    made_at   timestamptz not null default now(),
    used_at   timestamptz not null default now(),
    primary key (team_id, header_id)
);
create index if not exists team_mapping_age on decide.team_mapping (used_at);
