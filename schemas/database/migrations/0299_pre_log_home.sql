-- Under which prefix this database's log is on its brokers: the one of a process has to be the same.

create table if not exists flow.log_home (
    the_one  boolean     primary key default true check (the_one),
    prefix   text        not null,
    noted_at timestamptz not null default now()
);

-- A system that has a log already has it without a prefix: there was none before.
insert into flow.log_home (prefix)
select '' where exists (select from flow.log_end) or exists (select from decide.head)
on conflict do nothing;
