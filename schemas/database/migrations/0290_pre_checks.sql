-- How each opportunity of a channel will be measured by the next document.
alter table rm.plan_channel add column if not exists checks jsonb not null default '[]';
