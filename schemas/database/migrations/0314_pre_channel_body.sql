-- The row of rm.plan_body with the opportunities and phases of a channel; null: they stand in the channel's row. The history has
-- that row for the event of the analysis. Channels that are there stay as they are.
alter table rm.plan_channel add column if not exists body uuid;
