-- Commands that somebody else has to give than who uploaded the plan, where four eyes are asked for.
alter table decide.rule add column if not exists four_eyes boolean not null default false;
