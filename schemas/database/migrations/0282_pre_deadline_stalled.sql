-- Plans that are stalled are found among all that wait: few, for lists of plans that say so.
create index if not exists deadline_stalled on flow.deadline (plan_id) where stalled_at is not null;
