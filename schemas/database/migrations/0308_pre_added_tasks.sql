-- Of a plan: how many tasks people have added to it, those that ended or were cancelled included. There is a limit.
alter table decide.head add column if not exists added integer not null default 0;
