-- From here on the result of a channel can be left to the history: whoever reads results looks there, too (decide.said_by).
-- The index has those that are still to be left to it.
alter table decide.channel_result alter column data drop not null;
create index if not exists channel_result_whole on decide.channel_result (plan_id) where data is not null;
