-- The numbers of the phases of a plan that can still begin, each by a person's word, in their order: the first of a
-- completed plan waits for somebody. Null: not known. Those that wait are found and counted by an index of their own,
-- the one that ended first at its beginning.
alter table rm.plan add column if not exists phases_left integer[];
create index if not exists plan_next on rm.plan (ended_at) where status = 'completed' and phases_left <> '{}';
