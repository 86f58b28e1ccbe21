-- Teams: a plan can belong to one, and then people and keys of it see the plan, with operators and admins. Where there is
-- no team, everybody sees every plan. Whose plan it is, is no event: these tables know it, and a backup has them.
create table if not exists access.team (
    team_id   uuid primary key default gen_random_uuid(),
    name      text not null,
    made_at   timestamptz not null default now(),
    made_by   text not null default '',
    closed_at timestamptz                    -- takes no more plans and members; who sees its plans stays
);
create unique index if not exists team_name on access.team (lower(name)) where closed_at is null;

create table if not exists access.team_member (
    team_id   uuid not null references access.team (team_id),
    person_id text references access.person (person_id),
    key_id    text references access.api_key (key_id),  -- of a key that belongs to nobody
    since     timestamptz not null default now(),
    check (num_nonnulls(person_id, key_id) = 1)
);
create unique index if not exists team_member_person on access.team_member (person_id, team_id) where person_id is not null;
create unique index if not exists team_member_key on access.team_member (key_id, team_id) where key_id is not null;
create index if not exists team_member_team on access.team_member (team_id);

-- Rises with whatever changes who sees what: gateways forget whom they remember, and live lines end.
create table if not exists access.team_change (
    only_one boolean primary key default true check (only_one),
    version  bigint not null default 0
);
insert into access.team_change default values on conflict do nothing;

-- Of every plan whose it is: no team's at first, and then everybody sees it. A plan without a row is one that nobody
-- uploaded here, as of a log from elsewhere: operators and admins see it.
create table if not exists decide.plan_team (
    plan_id uuid primary key,
    team_id uuid not null default '00000000-0000-0000-0000-000000000000',
    since   timestamptz not null default now()
);
insert into decide.plan_team (plan_id) select plan_id from decide.head where kind = 'plan' on conflict do nothing;
create index if not exists plan_team_team on decide.plan_team (team_id, plan_id);
