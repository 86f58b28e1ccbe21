-- Who gave a task its texts, where a person added it or changed them; '' where they came with its phase.
alter table rm.task add column if not exists worded_by text not null default '';
