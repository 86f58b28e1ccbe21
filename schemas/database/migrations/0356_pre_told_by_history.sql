-- The version of the event of a channel's own stream whose row of the history says the rest of the channel: what it is about,
-- what limits it and how it will be measured; null: the channel's row says it itself. A plan's Phase 1 names its event in
-- `phase1`, as "told_by". Rows that are there stay as they are.
alter table rm.plan_channel add column if not exists told_by integer;
