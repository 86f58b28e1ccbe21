-- What follows from an alert is its evidence, and is told with it; one that was told before names its cause.

alter table flow.alert add column if not exists follows jsonb not null default '[]';
alter table flow.alert add column if not exists caused_by uuid;
