-- What several events of a plan say alike, once: the opportunities and phases that an analysis found are those of the plan
-- that was made of it, and of its approval. Rows of the history that are there stay as they are, with all in their data.

create table if not exists rm.plan_body (
    plan_id uuid not null,
    digest  uuid not null,                   -- of `said`, as it was written
    said    json not null,                   -- opportunities and phases
    primary key (plan_id, digest)
);
-- The digest of that row; null: all that the event says stands in its data.
alter table rm.timeline add column if not exists body uuid;
