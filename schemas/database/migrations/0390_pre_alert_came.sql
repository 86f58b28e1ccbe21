-- How often the finding of an alert came while the alert was not over: what came several times was wrong on and off.

alter table flow.alert add column if not exists came integer not null default 1;
